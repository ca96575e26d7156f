import { finish, noteId, notePosted, partitionOf, type DataOf } from '@tollgate/events';
import {
  BusError,
  notesStream,
  notesSubject,
  type Clock,
  type MessageBus,
  type StoredMessage,
} from '@tollgate/journal';
import { canonicalJson, keyedHash, type JsonValue } from '@tollgate/sealing';
import { decodeEvent, decodeJson } from '@tollgate/events';
import type { Authentication } from '../auth/authentication.js';
import { mustCover, type Caller } from '../auth/caller.js';
import type { BusLink } from '../bus/bus-link.js';
import { conflict, invalid, tooLarge, unavailable } from '../http/contract-error.js';
import type { TenantHashKeys } from '../run/hash-keys.js';
import type { NoteBody } from './note.schema.js';

const MAX_BYTES = 16_384;
/** Shorter than clients wait. */
const ACK_MS = 3_000;

type Note = DataOf<typeof notePosted>;

export interface NotesParts {
  readonly bus: Pick<MessageBus, 'append' | 'lastOf' | 'message'>;
  readonly link: Pick<BusLink, 'mustBeUp'>;
  readonly authentication: Pick<Authentication, 'mustStillBeGood'>;
  readonly hashKeys: TenantHashKeys;
  readonly partitions: number;
  readonly clock: Clock;
}

export interface PostedNote {
  readonly caller: Caller;
  readonly sent: NoteBody;
  readonly idempotencyKey?: string | undefined;
  readonly trace?: string | undefined;
}

/**
 * `POST /events` (contract section 8), behind HTTP: a note is stored by the broker, and its id is made of what the broker
 * says of it. So a repeat has the same id, neither audit nor Postgres is needed, and a record that is built anew comes to
 * the same.
 */
export class Notes {
  constructor(private readonly parts: NotesParts) {}

  /** @throws ContractError 403, 409, 413, 422, 503 */
  async post({ caller, sent, idempotencyKey, trace }: PostedNote): Promise<number> {
    const { link, authentication, clock } = this.parts;
    if (sent.size > MAX_BYTES) throw tooLarge('The body is over 16 KB');
    const note = noteFrom(sent, caller);
    if (note.agent !== undefined) mustCover(caller, note.agent);
    link.mustBeUp();
    // No stage stands behind this that would refuse a key which was revoked a moment ago.
    await authentication.mustStillBeGood(caller);
    const body = new TextEncoder().encode(
      JSON.stringify(finish(notePosted.draft(caller.tenant, note, trace), 0, clock.now())),
    );
    return this.idOf(caller.tenant, await this.stored(caller.tenant, note, idempotencyKey, body));
  }

  private async stored(tenant: string, note: Note, idempotencyKey: string | undefined, body: Uint8Array) {
    const repeat = this.repeatOf(tenant, note, idempotencyKey);
    if (repeat === undefined) return this.append(tenant, undefined, body);
    const found = (await this.append(tenant, repeat, body)) ?? (await this.find(tenant, repeat));
    if (note.reqId === undefined && !isSameNote(found, note)) {
      throw conflict('idempotency_key_reused', 'Another event was posted under this idempotency key');
    }
    return found;
  }

  /** What every repeat has in common; undefined for a note that is another one each time. */
  private repeatOf(tenant: string, { runId, type, reqId }: Note, idempotencyKey: string | undefined) {
    const { idempotency } = this.parts.hashKeys.of(tenant);
    if (reqId !== undefined) return keyedHash(idempotency, canonicalJson([tenant, 'note', runId, type, reqId]));
    return idempotencyKey && keyedHash(idempotency, canonicalJson([tenant, 'note under', idempotencyKey]));
  }

  /** Undefined when the repeat is there already. */
  private async append(
    tenant: string,
    repeat: string | undefined,
    body: Uint8Array,
  ): Promise<StoredMessage | undefined> {
    const { bus } = this.parts;
    const partition = this.partitionOf(tenant);
    const expect = repeat === undefined ? {} : { lastSubjectSeq: 0 };
    try {
      const seq = await bus.append(notesSubject(partition, repeat), body, expect, ACK_MS);
      return await bus.message(notesStream(partition), seq);
    } catch (error) {
      if (error instanceof BusError && error.code === 'wrong_last_sequence') return undefined;
      throw unavailable('The event may have been stored: repeat it', {}, error);
    }
  }

  private async find(tenant: string, repeat: string): Promise<StoredMessage | undefined> {
    const partition = this.partitionOf(tenant);
    return this.parts.bus.lastOf(notesStream(partition), notesSubject(partition, repeat));
  }

  /** One that was purged at this very moment is stored anew by the repeat. */
  private idOf(tenant: string, stored: StoredMessage | undefined): number {
    if (stored === undefined) throw unavailable('The event may have been stored: repeat it');
    return noteId(stored.stampMs, stored.seq, this.partitionOf(tenant));
  }

  private partitionOf(tenant: string): number {
    return partitionOf(tenant, this.parts.partitions);
  }
}

/** An agent key speaks for an agent; where it names one only, that one is meant. */
function noteFrom(sent: NoteBody, { keyId, role, agents }: Caller): Note {
  const agent = sent.agent_id ?? (role === 'agent' ? soleAgent(agents) : undefined);
  return {
    runId: sent.run_id,
    type: sent.type,
    keyId,
    ...given('at', sent.ts === undefined ? undefined : Math.round(sent.ts * 1000)),
    ...given('status', sent.status),
    ...given('durationMs', sent.duration_ms === undefined ? undefined : Math.round(sent.duration_ms)),
    ...given('step', sent.step),
    ...given('tool', sent.tool),
    ...given('reqId', sent.req_id === '' ? undefined : sent.req_id),
    ...given('leaseId', sent.lease_id),
    ...given('agent', agent),
    ...given('message', sent.message),
    ...given('data', sent.data),
  };
}

function soleAgent(agents: readonly string[]): string | undefined {
  const [agent, second] = agents;
  if (agents.includes('*')) return undefined;
  if (second === undefined) return agent;
  throw invalid([
    { type: 'missing', loc: ['body', 'agent_id'], msg: 'The key speaks for several agents', input: null },
  ]);
}

const given = <K extends keyof Note>(member: K, value: Note[K] | undefined): { [M in K]?: Note[K] } =>
  (value === undefined ? {} : { [member]: value }) as { [M in K]?: Note[K] };

function isSameNote(stored: StoredMessage | undefined, { keyId: _, ...note }: Note): boolean {
  if (stored === undefined) return true;
  const event = decodeEvent(decodeJson(stored.data));
  if (event.type !== 'note-posted') return false;
  const { keyId: _key, ...there } = event.data;
  return canonicalJson(there as JsonValue) === canonicalJson(note as JsonValue);
}
