import type { PreparedConnection, PrepareResult, SendRequest, SendResult, ToolPort } from '@tollgate/dispatcher';
import type { Random } from './random.js';
import type { SimProcess } from './sim-process.js';
import type { World } from './world.js';

/** What a tool saw: the only witness of what was really done. */
export interface Seen {
  /** True time at which the request left, ms. */
  readonly at: number;
  /** The signed time stamp, ms. */
  readonly stamp: number;
  readonly process: string;
  /** Who sent it could not know how much time had passed. */
  readonly isLostInTime: boolean;
  readonly tenant: string;
  readonly tool: string;
  readonly agent: string;
  readonly callId: string;
  readonly attempt: number;
  /** Where it was asked. */
  readonly url: string;
  readonly key: string;
  /** It did what it was asked, whatever it said then. */
  readonly acted: boolean;
  /** What it answered, whether or not anybody heard. */
  readonly said: Says;
  /** Requests of the same process that were under way at this tool then, this one included. */
  readonly atOnce: number;
}

/** What a tool was asked about a call, and what it said, whether or not anybody heard. */
export interface Asked {
  /** True time at which the question left, ms. */
  readonly at: number;
  readonly callId: string;
  readonly said: 'executed' | 'not_executed' | 'unknown';
}

type Says = 'executed' | 'tool_error' | 'refused' | 'server_error' | 'nothing';

interface Behaviour {
  readonly name: string;
  readonly acts: boolean;
  readonly says: Says;
}

const OK: Behaviour = { name: 'ok', acts: true, says: 'executed' };
const SAYS_NO: Behaviour = { name: 'says no', acts: false, says: 'tool_error' };
const REFUSES: Behaviour = { name: 'refuses', acts: false, says: 'refused' };
const ACTS_SILENTLY: Behaviour = { name: 'acts, silent', acts: true, says: 'nothing' };
const SILENT: Behaviour = { name: 'silent', acts: false, says: 'nothing' };
const ACTS_AND_FAILS: Behaviour = { name: 'acts, says 502', acts: true, says: 'server_error' };

/** How tools are disposed in a run. */
export type ToolMood = 'kind' | 'mixed' | 'refuses' | 'silent' | 'says no';

const ALL = [OK, SAYS_NO, REFUSES, ACTS_SILENTLY, SILENT, ACTS_AND_FAILS];
const BEHAVIOURS: Readonly<Record<ToolMood, readonly Behaviour[]>> = {
  kind: [OK],
  mixed: [...Array.from({ length: 6 }, () => OK), ...ALL],
  refuses: [OK, REFUSES, REFUSES],
  silent: [OK, ACTS_SILENTLY, SILENT, ACTS_AND_FAILS],
  'says no': [OK, SAYS_NO, SAYS_NO],
};

/** The tools of a simulated world; each process reaches them through a port of its own. */
export class SimTools {
  readonly seen: Seen[] = [];
  readonly asked: Asked[] = [];
  /** Faults are over: every tool does what it is asked. */
  calm = false;
  private readonly random: Random;
  private readonly answers: Random;
  private readonly open = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly mood: ToolMood,
  ) {
    this.random = world.chanceOf('tools');
    this.answers = world.chanceOf('answers');
  }

  portOf(process: SimProcess): ToolPort {
    return {
      prepareNow: (url) => (process.random.chance(0.5) ? connectionTo(url) : undefined),
      prepare: (url, timeoutMs) => this.connect(process, url, timeoutMs),
      send: (_connection, request, check) =>
        isQuestion(request.url) ? this.ask(process, request, check) : this.send(process, request, check),
    };
  }

  private connect(process: SimProcess, url: string, timeoutMs: number): Promise<PrepareResult> {
    const { random } = process;
    const fails = !this.calm && this.mood !== 'kind' && random.chance(0.1);
    return new Promise((resolve) => {
      process.after(Math.min(timeoutMs, random.delay(5, 800)), () => {
        resolve(fails ? { ok: false, code: 'connect_failed' } : { ok: true, connection: connectionTo(url) });
      });
    });
  }

  private send(process: SimProcess, request: SendRequest, check: () => boolean): Promise<SendResult> {
    if (!check()) return Promise.resolve({ known: 'not_sent', code: 'permit_missed' });
    const { random } = this;
    if (!this.calm && this.mood === 'mixed' && random.chance(0.03)) {
      return Promise.resolve({ known: 'not_sent', code: 'connect_failed' });
    }
    const behaviour = this.calm ? OK : random.pick(BEHAVIOURS[this.mood]);
    const place = placeOf(process, request);
    const atOnce = this.enter(place);
    const { callId } = this.record(process, request, behaviour, atOnce);
    const takes = behaviour.says === 'nothing' ? Infinity : random.delay(50, request.timeoutMs * 1.5);
    const timeout = random.chance(0.5);
    return new Promise((resolve) => {
      process.clock.after(Math.min(takes, request.timeoutMs), () => {
        this.leave(place);
        resolve(takes >= request.timeoutMs ? silence(timeout) : answerOf(behaviour.says, callId));
      });
    });
  }

  /** It knows what it has done under a key, and says so, if it says anything. */
  private ask(process: SimProcess, request: SendRequest, check: () => boolean): Promise<SendResult> {
    if (!check()) return Promise.resolve({ known: 'not_sent', code: 'permit_missed' });
    const { answers } = this;
    const { call_id: callId } = JSON.parse(request.body.toString()) as { call_id: string };
    const key = request.headers['Idempotency-Key'] ?? '';
    const did = this.seen.some((seen) => seen.key === key && seen.acted);
    const said = !this.calm && answers.chance(0.25) ? 'unknown' : did ? 'executed' : 'not_executed';
    const silent = !this.calm && answers.chance(0.2);
    this.asked.push({ at: this.world.now, callId, said });
    this.world.note(new URL(request.url).hostname, `${callId} asked for: ${said}${silent ? ', silent' : ''}`);
    const place = placeOf(process, request);
    this.enter(place);
    const takes = silent ? request.timeoutMs : Math.min(answers.delay(10, 400), request.timeoutMs);
    return new Promise((resolve) => {
      process.clock.after(takes, () => {
        this.leave(place);
        if (silent) resolve(silence(answers.chance(0.5)));
        else resolve({ known: 'executed', httpStatus: 200, result: { status: said, result: { done: callId } } });
      });
    });
  }

  private enter(place: string): number {
    const atOnce = (this.open.get(place) ?? 0) + 1;
    this.open.set(place, atOnce);
    return atOnce;
  }

  private leave(place: string): void {
    this.open.set(place, (this.open.get(place) ?? 1) - 1);
  }

  private record(process: SimProcess, request: SendRequest, { acts, says, name }: Behaviour, atOnce: number): Seen {
    const body = JSON.parse(request.body.toString()) as Record<'tool' | 'agent_id' | 'call_id' | 'request_id', string>;
    const { tool, agent_id: agent, call_id: callId } = body;
    const key = request.headers['Idempotency-Key'] ?? '';
    const tenant = tenantOf(request.url);
    const stamp = Number(request.headers['X-OnceOnly-Timestamp']) * 1_000;
    const at = this.world.now;
    const seen = {
      at,
      stamp,
      process: process.name,
      isLostInTime: process.isLostInTime,
      tenant,
      tool,
      agent,
      callId,
      attempt: Number(body.request_id.split('.').at(-1)),
      url: request.url,
      key,
      acted: acts,
      said: says,
      atOnce,
    };
    this.seen.push(seen);
    this.world.note(`${tenant} ${tool}`, `${callId} under ${key.slice(0, 10)}: ${name}`);
    return seen;
  }
}

/** What requests to every tool are signed with. */
export const SECRET = 'secret';

/** Where a tool is; each time that it is registered it is elsewhere. */
export const urlOf = (tenant: string, tool: string, move = 0): string => `http://${tool}.${tenant}.test/${move}`;
export const knownUrlOf = (tenant: string, tool: string, move = 0): string => `${urlOf(tenant, tool, move)}/known`;
const isQuestion = (url: string): boolean => url.endsWith('/known');
const tenantOf = (url: string): string => new URL(url).hostname.split('.')[1] ?? '';

/** Requests and questions to one tool share its places. */
const placeOf = (process: SimProcess, { url }: SendRequest): string => `${process.name} ${new URL(url).hostname}`;

const connectionTo = (url: string): PreparedConnection => ({ origin: new URL(url).origin, release: () => undefined });

const silence = (timeout: boolean): SendResult => ({
  known: 'unknown',
  code: timeout ? 'timeout' : 'connection_lost',
  httpStatus: null,
});

function answerOf(says: Says, callId: string): SendResult {
  switch (says) {
    case 'executed':
      return { known: 'executed', httpStatus: 200, result: { done: callId } };
    case 'tool_error':
      return { known: 'tool_error', httpStatus: 422 };
    case 'refused':
      return { known: 'refused', httpStatus: 429 };
    case 'server_error':
    case 'nothing':
      return { known: 'unknown', code: 'server_error', httpStatus: 502 };
  }
}
