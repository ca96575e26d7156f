import { eventually, Installation, type ServiceProcess } from '../harness/index.js';

/** An installation whose dispatchers the test starts and ends by itself; everything else runs. */
export class Dispatchers {
  private constructor(readonly tollgate: Installation) {}

  static async start(): Promise<Dispatchers> {
    const env = { LOG_LEVEL: 'warn', TOLLGATE_WAIT_LIMIT_MS: '20000' };
    const tollgate = await Installation.start({ bare: true, env });
    const others = ['gateway', 'policy', 'lease', 'budget', 'audit'] as const;
    await Promise.all(others.map((kind) => tollgate.startProcess(kind)));
    return new Dispatchers(tollgate);
  }

  /** An owner, with faults armed, and its standby. */
  async pair(faults = ''): Promise<[ServiceProcess, ServiceProcess]> {
    const owner = await this.tollgate.startProcess('dispatcher', { TOLLGATE_FAULTS: faults });
    await this.takesOver(owner);
    const standby = await this.tollgate.startProcess('dispatcher');
    await this.tollgate.ready();
    return [owner, standby];
  }

  takesOver(one: ServiceProcess): Promise<void> {
    return eventually('a dispatcher owns', () => one.owns('dispatcher').includes(0));
  }

  async end(): Promise<void> {
    const dispatchers = this.tollgate.processes.filter(({ kind }) => kind === 'dispatcher');
    await Promise.all(dispatchers.map((one) => one.stop()));
  }
}
