import { readiness } from './api.js';
import { removeConnections, writeConnections } from './connections.js';
import { Crew } from './crew.js';
import { makeDataFolder } from './data-folder.js';
import type { DataFolder } from './data-folder.js';
import { serviceEnvironment } from './environment.js';
import { setupState } from './first-start.js';
import type { Setup } from './first-start.js';
import { Keeper } from './keeper.js';
import { endLeftOvers } from './left-overs.js';
import { lockFolder } from './lock.js';
import type { Lock } from './lock.js';
import { freshLog } from './logs.js';
import { checkDisk, checkPort } from './preflight.js';
import { step } from './progress.js';
import type { Print } from './progress.js';
import { leftOver } from './run-record.js';
import { RunRecorder } from './run-recorder.js';
import { Sample } from './sample.js';
import { sealingKeyFile } from './sealing-keys.js';
import { privateServers, programsFor, serverKeeper, summaryOf } from './servers.js';
import { startServiceProcess } from './service-process.js';
import type { ServiceProcess } from './service-process.js';
import { serviceScripts } from './service-scripts.js';
import { startTraces, tracesPort } from './traces.js';
import { untilReady } from './until-ready.js';

const SERVICES_START_WITHIN_MS = 60_000;

export interface LaunchOptions {
  readonly folder: DataFolder;
  readonly processes: boolean;
  readonly traces: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly print: Print;
}

/** What one private NATS server promises: it acknowledges before the disk has a message. */
const DURABILITY =
  'What is answered survives a crash of any process; a power cut may take the last two minutes (docs/operations.md).';

/** One run of the whole installation, from the first check to the last process gone. */
export class Launch {
  private readonly crew = new Crew();
  private readonly recorder: RunRecorder;
  private readonly sample: Sample;
  private lock: Lock | undefined;
  private sealingKeys = '';
  private serviceEnvironment: NodeJS.ProcessEnv = {};

  constructor(private readonly options: LaunchOptions) {
    this.recorder = new RunRecorder(options.folder.run, () => this.crew.running());
    this.sample = new Sample(options.folder, options.print);
  }

  /** @throws StepFailed after it has said why. */
  async start(): Promise<void> {
    const { folder, environment, print, traces } = this.options;
    await step(print, 'data folder', () => this.takeFolder());
    await step(print, 'port', () => checkPort(environment['HOST'] || '127.0.0.1', Number(environment['PORT'] || 8080)));
    await step(print, 'sealing keys', () => this.findSealingKeys());
    await step(print, 'servers', (note) => this.startServers(note));
    if (traces) await step(print, 'tracing UI', () => this.startTraces());
    const setup = await setupState(folder, environment['TOLLGATE_ADMIN_KEY']);
    await step(print, 'services', () => this.startServices(setup));
    const base = this.apiBase();
    await writeConnections(folder.connections, this.serviceEnvironment, base);
    await step(print, 'ready', () => untilReady(() => readiness(base)));
    await step(print, 'sample tool', () => this.sample.prepare(base, setup));
    print(`\nTollgate is ready: ${base}   (Ctrl-C stops it; logs: ${folder.logs})`);
    if (!environment['NATS_URL']) print(DURABILITY);
    await this.sample.welcome(base, setup);
  }

  /** Resolves to false when there was nothing to stop. */
  async stop(): Promise<boolean> {
    if (this.lock === undefined) return false; // and the record is another launcher's
    await this.crew.stop();
    await this.sample.stop();
    await this.recorder.close();
    await removeConnections(this.options.folder.connections);
    await this.lock.release();
    return true;
  }

  /** At once; the guardian takes what this misses. */
  kill(): void {
    this.crew.kill();
  }

  private async takeFolder(): Promise<string> {
    const { folder } = this.options;
    await makeDataFolder(folder);
    this.lock = await lockFolder(folder.lock);
    await endLeftOvers(await leftOver(folder.run));
    await checkDisk(folder.path);
    return folder.path;
  }

  private async findSealingKeys(): Promise<string> {
    const { folder, environment } = this.options;
    this.sealingKeys = await sealingKeyFile(folder, environment);
    return environment['TOLLGATE_SEALING_KEYS'] ? 'from TOLLGATE_SEALING_KEYS' : this.sealingKeys;
  }

  private async startServers(note: Print): Promise<string> {
    const { folder, environment, print } = this.options;
    const names = privateServers(environment);
    const programs = await programsFor(names, note);
    for (const name of names) {
      this.crew.servers.push(await serverKeeper(name, programs[name], folder, print, this.recorder.update));
    }
    await Promise.all(this.crew.servers.map((keeper) => keeper.start()));
    return summaryOf(this.crew.servers, environment);
  }

  private async startTraces(): Promise<string> {
    const port = await tracesPort();
    const logFile = await freshLog(this.options.folder, 'traces');
    const launch = () => startTraces(port, logFile);
    const keeper = new Keeper({
      name: 'tracing UI',
      launch,
      print: this.options.print,
      onChange: this.recorder.update,
    });
    this.crew.traces = { keeper, address: `127.0.0.1:${port}` };
    await keeper.start();
    return `http://127.0.0.1:${port}`;
  }

  private async startServices(setup: Setup): Promise<string> {
    this.serviceEnvironment = serviceEnvironment({
      given: this.options.environment,
      servers: this.crew.servers.flatMap(({ current }) => (current === undefined ? [] : [current])),
      sealingKeyFile: this.sealingKeys,
      firstAdminKey: setup.state === 'needed' ? setup.adminKey : undefined,
      traces: this.crew.traces === undefined ? undefined : `http://${this.crew.traces.address}`,
    });
    for (const { name, script } of serviceScripts(this.options.processes)) {
      this.crew.services.push(await this.serviceKeeper(name, script));
    }
    await Promise.all(this.crew.services.map((keeper) => keeper.start()));
    return this.options.processes ? 'one process each' : 'all six in one process';
  }

  private async serviceKeeper(name: string, script: string): Promise<Keeper<ServiceProcess>> {
    const { print, folder } = this.options;
    const environment = this.serviceEnvironment;
    const onStatus = this.recorder.update;
    const logFile = await freshLog(folder, name);
    const readyWithinMs = SERVICES_START_WITHIN_MS;
    const launch = () => startServiceProcess({ script, environment, logFile, readyWithinMs, onStatus });
    return new Keeper({ name, launch, print, onChange: onStatus });
  }

  /** Where a person on this machine reaches the gateway, which may listen on all addresses. */
  private apiBase(): string {
    const address = this.crew.apiAddress();
    if (address === undefined) throw new Error('the gateway did not say where it listens');
    return address.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1');
  }
}
