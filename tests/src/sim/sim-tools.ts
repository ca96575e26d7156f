import type { PreparedConnection, PrepareResult, SendRequest, SendResult, ToolPort } from '@tollgate/dispatcher';
import type { SimProcess } from './sim-process.js';
import type { World } from './world.js';

/** What a tool saw: the only witness of what was really done. */
export interface Seen {
  /** True time at which the request left, ms. */
  readonly at: number;
  readonly tool: string;
  readonly agent: string;
  readonly callId: string;
  readonly key: string;
  /** It did what it was asked, whatever it said then. */
  acted: boolean;
}

/** What a tool does with a request; `silent` ones say nothing, so that nobody knows. */
const BEHAVIOURS = [
  { name: 'ok', acts: true, says: 'executed', weight: 12 },
  { name: 'says no', acts: false, says: 'tool_error', weight: 2 },
  { name: 'refuses', acts: false, says: 'refused', weight: 1 },
  { name: 'acts, silent', acts: true, says: 'nothing', weight: 1 },
  { name: 'silent', acts: false, says: 'nothing', weight: 1 },
  { name: 'acts, says 502', acts: true, says: 'server_error', weight: 1 },
] as const;
const WEIGHTED = BEHAVIOURS.flatMap((one) => Array.from({ length: one.weight }, () => one));

/** The tools of a simulated world; each process reaches them through a port of its own. */
export class SimTools {
  readonly seen: Seen[] = [];
  /** Faults are over: every tool does what it is asked. */
  calm = false;

  constructor(private readonly world: World) {}

  portOf(process: SimProcess): ToolPort {
    return {
      prepareNow: (url) => (this.world.random.chance(0.5) ? connectionTo(url) : undefined),
      prepare: (url, timeoutMs) => this.connect(process, url, timeoutMs),
      send: (_connection, request, check) => this.send(process, request, check),
    };
  }

  private connect(process: SimProcess, url: string, timeoutMs: number): Promise<PrepareResult> {
    const { random } = this.world;
    const fails = !this.calm && random.chance(0.05);
    return new Promise((resolve) => {
      process.after(Math.min(timeoutMs, random.delay(5, 800)), () => {
        resolve(fails ? { ok: false, code: 'connect_failed' } : { ok: true, connection: connectionTo(url) });
      });
    });
  }

  private send(process: SimProcess, request: SendRequest, check: () => boolean): Promise<SendResult> {
    if (!check()) return Promise.resolve({ known: 'not_sent', code: 'permit_missed' });
    const { random } = this.world;
    const behaviour = this.calm ? WEIGHTED[0] : random.pick(WEIGHTED);
    if (behaviour === undefined) throw new RangeError('no behaviour');
    const seen = this.record(request, behaviour.acts);
    this.world.note(`tool ${seen.tool}`, `${seen.callId} under ${seen.key.slice(0, 10)}: ${behaviour.name}`);
    const takes = behaviour.says === 'nothing' ? Infinity : random.delay(50, request.timeoutMs * 1.5);
    return new Promise((resolve) => {
      process.clock.after(Math.min(takes, request.timeoutMs), () => {
        resolve(takes >= request.timeoutMs ? silence(random.chance(0.5)) : answerOf(behaviour.says));
      });
    });
  }

  private record(request: SendRequest, acted: boolean): Seen {
    const body = JSON.parse(request.body.toString()) as { tool: string; agent_id: string; call_id: string };
    const { tool, agent_id: agent, call_id: callId } = body;
    const seen = { at: this.world.now, tool, agent, callId, key: request.headers['Idempotency-Key'] ?? '', acted };
    this.seen.push(seen);
    return seen;
  }
}

const connectionTo = (url: string): PreparedConnection => ({ origin: new URL(url).origin, release: () => undefined });

const silence = (timeout: boolean): SendResult => ({
  known: 'unknown',
  code: timeout ? 'timeout' : 'connection_lost',
  httpStatus: null,
});

function answerOf(says: 'executed' | 'tool_error' | 'refused' | 'server_error' | 'nothing'): SendResult {
  switch (says) {
    case 'executed':
      return { known: 'executed', httpStatus: 200, result: { done: true } };
    case 'tool_error':
      return { known: 'tool_error', httpStatus: 422 };
    case 'refused':
      return { known: 'refused', httpStatus: 429 };
    case 'server_error':
    case 'nothing':
      return { known: 'unknown', code: 'server_error', httpStatus: 502 };
  }
}
