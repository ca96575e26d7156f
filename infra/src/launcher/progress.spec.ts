import { LaunchError } from './launch-error.js';
import { step, StepFailed } from './progress.js';

describe('a step', () => {
  it('says what came out of it', async () => {
    const said: string[] = [];
    await step(
      (line) => said.push(line),
      'servers',
      async () => '3 run',
    );
    expect(said).toEqual([expect.stringMatching(/^ {2}servers {8}3 run \(\d+\.\d s\)$/)]);
  });

  it('that fails says which it was, why, and what to do', async () => {
    const said: string[] = [];
    const failing = step(
      (line) => said.push(line),
      'port',
      async () => {
        throw new LaunchError('port 8080 is taken', 'choose another');
      },
    );
    await expect(failing).rejects.toBeInstanceOf(StepFailed);
    expect(said).toEqual(['✗ port failed: port 8080 is taken', '  What to do: choose another']);
  });

  it('has advice for a full disk, whoever noticed it', async () => {
    const said: string[] = [];
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await step(
      (line) => said.push(line),
      'servers',
      () => Promise.reject(full),
    ).catch(() => undefined);
    expect(said[1]).toContain('free some disk space');
  });
});
