import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startNats,
  startPostgres,
  startRedis,
  type PostgresBinaries,
  type PrivateServer,
} from '@tollgate/infra/servers';
import { SERVICE_NAMES, type ServiceName } from '@tollgate/runtime';
import { formatSealingKey, mintApiKey, mintSealingKey } from '@tollgate/sealing';
import { Api } from './api.js';
import { eventually } from './eventually.js';
import { ServiceProcess, type ProcessKind } from './services.js';
import { ToolServer } from './tool-server.js';

export interface InstallationOptions {
  /** `one` process for all services, or one `each`. */
  readonly layout?: 'one' | 'each';
  readonly env?: Readonly<Record<string, string>>;
  /** Whose Postgres it has; the preferred one unless said. */
  readonly postgres?: PostgresBinaries | undefined;
  /** Not started by itself; for tests that start services one by one. */
  readonly bare?: boolean;
}

/** A whole Tollgate of its own: private NATS, Redis and Postgres, services, one tool server, an admin key. */
export class Installation {
  readonly processes: ServiceProcess[] = [];
  readonly adminKey = mintApiKey();

  private constructor(
    readonly folder: string,
    public nats: PrivateServer,
    public redis: PrivateServer,
    public postgres: PrivateServer,
    readonly tool: ToolServer,
    private readonly extra: Readonly<Record<string, string>>,
  ) {}

  static async start({
    layout = 'one',
    env = {},
    postgres: binaries,
    bare = false,
  }: InstallationOptions = {}): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-test-'));
    await chmod(folder, 0o711);
    const [nats, redis, postgres, tool] = await Promise.all([
      startNats(join(folder, 'nats')),
      startRedis(join(folder, 'redis')),
      startPostgres(join(folder, 'postgres'), binaries === undefined ? {} : { binaries }),
      ToolServer.start(),
    ]);
    const sealing = formatSealingKey(mintSealingKey());
    const installation = new Installation(folder, nats, redis, postgres, tool, {
      TOLLGATE_SEALING_KEYS: sealing,
      ...env,
    });
    const kinds: readonly ProcessKind[] = layout === 'one' ? ['all'] : SERVICE_NAMES;
    try {
      if (!bare) {
        await Promise.all(kinds.map((kind) => installation.startProcess(kind)));
        await installation.ready();
      }
    } catch (error) {
      await installation.stop();
      throw error;
    }
    return installation;
  }

  get env(): Record<string, string> {
    return {
      NATS_URL: this.nats.url,
      REDIS_URL: this.redis.url,
      DATABASE_URL: this.postgres.url,
      PORT: '0',
      TOLLGATE_ADMIN_KEY: this.adminKey,
      TOLLGATE_TOOL_ADDRESSES: 'loopback',
      ...this.extra,
    };
  }

  async startProcess(kind: ProcessKind, env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const started = await ServiceProcess.start(kind, { ...this.env, ...env });
    this.processes.push(started);
    return started;
  }

  /** Resolves when every stage has an owner for its partitions and the gateway says that it is ready. */
  async ready(): Promise<void> {
    await eventually('every stage is owned', () => STAGES.every((stage) => this.owners(stage).length > 0), 60_000);
    await eventually('the gateway is ready', async () => (await this.api.as(undefined).get('/readyz')).status === 200);
  }

  /** The living processes that own a partition of a stage. */
  owners(stage: ServiceName, partition = 0): ServiceProcess[] {
    return this.processes.filter((one) => !one.hasExited && one.owns(stage).includes(partition));
  }

  get gateways(): ServiceProcess[] {
    return this.processes.filter((one) => !one.hasExited && one.address !== undefined);
  }

  /** The admin key's view of the first gateway. */
  get api(): Api {
    return this.apiOf(this.gateways[0]);
  }

  apiOf(gateway: ServiceProcess | undefined): Api {
    if (gateway?.address === undefined) throw new Error('no gateway is running');
    const base = gateway.address.includes('://') ? gateway.address : `http://${gateway.address}`;
    return new Api(base, this.adminKey);
  }

  /** Registers a tool at the test's own tool server, under the path of its name. */
  async register(name: string, change: Readonly<Record<string, unknown>> = {}, api: Api = this.api): Promise<void> {
    const tool = { name, url: this.tool.url(name), auth: { type: 'hmac_sha256', secret: TOOL_SECRET }, ...change };
    const { status, body } = await api.post('/v1/tools', tool);
    if (status !== 201) throw new Error(`tool ${name} was refused: ${status} ${JSON.stringify(body)}`);
  }

  async policy(agent: string, policy: Readonly<Record<string, unknown>>, api: Api = this.api): Promise<void> {
    const { status, body } = await api.put(`/v1/policies/${agent}`, policy);
    if (status >= 300) throw new Error(`policy of ${agent} was refused: ${status} ${JSON.stringify(body)}`);
  }

  /** Starts a server that was stopped or killed again where it was: the same port and credentials, what it kept. */
  async startAgain(name: 'nats' | 'redis' | 'postgres'): Promise<void> {
    const { port } = this[name];
    this[name] = await START[name](join(this.folder, name), { port });
  }

  /** Ends every process in good order; the servers stay. */
  async processesStopped(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
    await this.tool.stop();
    for (const server of [this.nats, this.redis, this.postgres]) server.process.kill('SIGCONT');
    await Promise.all([this.nats.stop(), this.redis.stop(), this.postgres.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export const TOOL_SECRET = 'a-secret-of-the-tool-0123456789';
const START = { nats: startNats, redis: startRedis, postgres: startPostgres } as const;
const STAGES: readonly ServiceName[] = ['policy', 'lease', 'budget', 'dispatcher'];
