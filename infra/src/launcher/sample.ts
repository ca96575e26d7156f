import type { DataFolder } from './data-folder.js';
import { completeSetup, makeSample } from './first-start.js';
import type { Setup } from './first-start.js';
import type { Print } from './progress.js';
import { SAMPLE_TOOL, sampleToolAccess, startSampleTool } from './sample-tool.js';
import type { SampleTool, SampleToolAccess } from './sample-tool.js';
import { firstWelcome } from './welcome.js';

/** The sample tool in this process, and on the first start all that makes it usable. */
export class Sample {
  private tool: SampleTool | undefined;
  private agentKey: string | undefined;

  constructor(
    private readonly folder: DataFolder,
    private readonly print: Print,
  ) {}

  /** Resolves to what to say about it. */
  async prepare(base: string, setup: Setup): Promise<string> {
    const access = await sampleToolAccess(this.folder.sampleTool);
    const trouble = await this.serve(access);
    if (setup.state === 'needed') {
      const outcome = await makeSample(base, setup.adminKey, access);
      if (!outcome.made)
        return 'left out: this installation has an admin key already (TOLLGATE_ADMIN_KEY names another)';
      this.agentKey = outcome.agentKey;
    }
    return trouble ?? `${SAMPLE_TOOL} on 127.0.0.1:${access.port}`;
  }

  /** The keys are shown once; when they have been, the first start is complete. */
  async welcome(base: string, setup: Setup): Promise<void> {
    if (setup.state === 'done' || this.agentKey === undefined) return;
    const adminKey = setup.minted ? setup.adminKey : undefined;
    this.print(firstWelcome({ base, agentKey: this.agentKey, adminKey }));
    await completeSetup(this.folder);
  }

  async stop(): Promise<void> {
    await this.tool?.stop();
  }

  /** The tool is registered with its port: on another one nobody would find it. Everything else works without it. */
  private async serve(access: SampleToolAccess): Promise<string | undefined> {
    try {
      this.tool = await startSampleTool(access);
      return undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return `not served: its port ${access.port} cannot be used (${code}); free it and start again`;
    }
  }
}
