import type { Json } from '../contract/json.js';
import { Ai } from './ai.js';
import { Agents, Policies, Tools } from './governance.js';
import { ApiError, ConnectionError, Transport } from './transport.js';

/** How often a request is repeated. SDKs do not unless told to; who has told them waits out a restart. */
const PATIENT = 30;

/** What an agent is told of a lock; `failOpen` is the client's own word, the server has not said so. */
export interface Locked {
  readonly locked: boolean;
  readonly duplicate: boolean;
  readonly failOpen: boolean;
  readonly firstSeenAt: string | null;
}

/**
 * Does on the wire what OnceOnly's SDKs for Python and TypeScript do, without being either: the same requests, the same
 * reading of answers. The base URL is all that differs from theirs.
 */
export class OnceOnly {
  readonly transport: Transport;
  readonly ai: Ai;
  readonly agents: Agents;
  readonly tools: Tools;
  readonly policies: Policies;

  constructor(key: string, baseUrl: string, { repeats = PATIENT }: { readonly repeats?: number } = {}) {
    this.transport = new Transport(baseUrl, key, repeats);
    this.ai = new Ai(this.transport);
    this.agents = new Agents(this.transport);
    this.tools = new Tools(this.transport);
    this.policies = new Policies(this.transport);
  }

  /** A server that fails, or cannot be reached, is read as "go ahead"; a 409 is a duplicate. */
  async checkLock(key: string, ttl?: number, metadata?: object): Promise<Locked> {
    try {
      const answer = await this.transport.send('POST', '/check-lock', { key, ttl, metadata });
      const locked = answer.status === 'locked';
      return { locked, duplicate: !locked, failOpen: false, firstSeenAt: answer.first_seen_at };
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) {
        return { locked: false, duplicate: true, failOpen: false, firstSeenAt: error.detail?.first_seen_at ?? null };
      }
      const goesAhead = error instanceof ConnectionError || (error instanceof ApiError && error.status >= 500);
      if (!goesAhead) throw error;
      return { locked: true, duplicate: false, failOpen: true, firstSeenAt: null };
    }
  }

  usageAll = (): Promise<Json> => this.transport.send('GET', '/usage/all');
  me = (): Promise<Json> => this.transport.send('GET', '/me');
  events = (limit = 50): Promise<Json[]> => this.transport.send('GET', `/events?limit=${limit}&offset=0`);
  postEvent = (event: object): Promise<Json> => this.transport.send('POST', '/events', event);
  /** The one name that SDKs do encode. */
  getRunTimeline = (runId: string): Promise<Json> =>
    this.transport.send('GET', `/runs/${encodeURIComponent(runId)}?limit=2000&offset=0`);
}
