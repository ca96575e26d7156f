import type { EndingEvent, EventOf, holdEnded, Terms, TollgateEvent } from '@tollgate/events';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

type Status =
  | { readonly is: 'free' }
  | { readonly is: 'held'; readonly by: string }
  | { readonly is: 'completed'; readonly by: string; readonly until: number }
  | { readonly is: 'in doubt'; readonly by: string };

/** One key, as a single thread would keep it. */
interface Key {
  status: Status;
  outgoing: string | undefined;
  /** Something sent under `outgoing` may have been done, and nobody knows. */
  unknown: boolean;
  /** When it last came free, ms since the epoch: an unknown is remembered so long. */
  freedAt: number;
  readonly waiting: Set<string>;
  /** How many calls have taken it. */
  taken: number;
  /** The arguments that it stands for: under a caller's own key others are refused. */
  args: string | undefined;
}

const REMEMBERED_MS = 30 * 24 * 3_600_000;

const DAY_MS = 24 * 3_600_000;

/** A caller's own key holds for a day where the tool itself does not deduplicate. */
function windowMs(terms: Terms | undefined): number {
  const { windowSec = 0, idempotencyHash } = terms ?? {};
  return windowSec === 0 && idempotencyHash !== undefined ? DAY_MS : windowSec * 1_000;
}

/** Rules 8 and 9: the history of every key can be explained by one that is free, held, completed or in doubt. */
export function keysAreExplained({ record }: Simulation): Violation[] {
  const model = new KeyModel();
  for (const { journal, event } of record.entries) model.hear(journal, event);
  return model.broken;
}

class KeyModel {
  readonly broken: Violation[] = [];
  private readonly keys = new Map<string, Key>();
  /** Call → the key it holds, held or waits for. */
  private readonly keyOf = new Map<string, Key>();
  private readonly waitUntil = new Map<string, number>();
  private readonly deadline = new Map<string, number>();
  /** Of each call that waited: how many had taken its key by then. */
  private readonly takenBefore = new Map<string, number>();
  private readonly terms = new Map<string, Terms>();
  /** Those that were sent to look at their tenant's credits. */
  private readonly looking = new Set<string>();
  /** Of each call that policy let pass: its arguments. */
  private readonly argsOf = new Map<string, string>();
  /** Endings that budget and dispatcher have journaled. */
  private readonly endings = new Map<string, EndingEvent | EventOf<typeof holdEnded>>();
  private readonly settledByWord = new Set<string>();

  hear(journal: string, event: TollgateEvent): void {
    if (journal === 'lease') this.inLease(event);
    else this.elsewhere(event);
  }

  private elsewhere(event: TollgateEvent): void {
    switch (event.type) {
      case 'policy-passed':
        this.argsOf.set(event.data.call.callId, event.data.terms.dedupHash);
        break;
      case 'dispatch-started': {
        const { callId } = event.data.call;
        const status = this.keyOf.get(callId)?.status;
        if (status?.is !== 'held' || status.by !== callId) this.wrong(callId, 'is tried without holding its key', 'G1');
        break;
      }
      case 'attempt-ended': {
        const key = this.keyOf.get(event.data.call.callId);
        if (key !== undefined && event.data.known === 'unknown') key.unknown = true;
        break;
      }
      case 'blocked':
      case 'failed':
      case 'executed':
      case 'in-doubt':
      case 'resolved':
        this.endings.set(event.data.call.callId, event);
        break;
      case 'hold-ended':
        this.endings.set(event.data.callId, event);
        break;
      case 'settlement-answered':
        if (event.data.callId !== undefined && event.data.answer === 'settled')
          this.settledByWord.add(event.data.callId);
        break;
      default:
        break;
    }
  }

  private inLease(event: TollgateEvent): void {
    switch (event.type) {
      case 'lease-waiting': {
        const { callId, waitUntil, deadline } = event.data.call;
        const key = this.key(event.data.leaseKey);
        this.standsFor(callId, key, event.at);
        if (this.takenBefore.get(callId) === key.taken)
          this.wrong(callId, 'waits again, though nobody took its key', 'rule 9');
        this.takenBefore.set(callId, key.taken);
        key.waiting.add(callId);
        this.keyOf.set(callId, key);
        this.waitUntil.set(callId, waitUntil);
        this.deadline.set(callId, deadline);
        break;
      }
      case 'credits-checking':
        // It waits for a look now; then it is decided as a new one is, and was before all who wait by then.
        this.keyOf.get(event.data.id)?.waiting.delete(event.data.id);
        this.looking.add(event.data.id);
        break;
      case 'lease-acquired':
        this.acquired(event.data.call.callId, this.key(event.data.grant.leaseKey), event);
        break;
      case 'lease-settled':
        this.settled(event.data.callId, this.key(event.data.leaseKey), event.data.how, event.at);
        break;
      case 'deduplicated':
        this.deduplicated(event.data.call.callId, event.data.outcome.originalCallId, event.at);
        break;
      case 'failed':
        this.keyOf.get(event.data.call.callId)?.waiting.delete(event.data.call.callId);
        if (event.data.outcome.reason === 'outcome_unknown') this.joinedUnknown(event.data.outcome.originalCallId);
        break;
      default:
        break;
    }
  }

  private acquired(callId: string, key: Key, event: Extract<TollgateEvent, { type: 'lease-acquired' }>): void {
    this.standsFor(callId, key, event.at);
    const { status } = key;
    const over = status.is === 'completed' && status.until <= event.at;
    if (status.is !== 'free' && !over) this.wrong(callId, `takes a key that is ${status.is} by ${status.by}`, 'G1');
    if ((this.waitUntil.get(callId) ?? Infinity) <= event.at) {
      this.wrong(callId, 'takes its key over though its client waits no more', 'rule 9');
    }
    const first = [...key.waiting].find((waiter) => this.stillWaits(waiter, event.at));
    const waited = key.waiting.delete(callId);
    if (waited ? first !== callId : !this.looking.has(callId) && key.waiting.size > 0)
      this.wrong(callId, 'overtakes those that wait', 'rule 9');
    const { outgoingKey } = event.data.grant;
    if (key.outgoing !== outgoingKey) {
      const remembered = key.unknown && event.at - key.freedAt <= REMEMBERED_MS;
      if (key.outgoing !== undefined && remembered) this.wrong(callId, 'shows the tool a new key after an unknown');
      key.unknown = false;
    } else if (over) this.wrong(callId, 'shows the tool the key of a call that was executed');
    key.outgoing = outgoingKey;
    key.status = { is: 'held', by: callId };
    key.taken += 1;
    this.keyOf.set(callId, key);
    this.terms.set(callId, event.data.terms);
  }

  private stillWaits(callId: string, now: number): boolean {
    return Math.min(this.waitUntil.get(callId) ?? Infinity, this.deadline.get(callId) ?? Infinity) > now;
  }

  private settled(
    callId: string,
    key: Key,
    how: Extract<TollgateEvent, { type: 'lease-settled' }>['data']['how'],
    now: number,
  ): void {
    const { status } = key;
    if ((status.is !== 'held' && status.is !== 'in doubt') || status.by !== callId) {
      this.wrong(callId, 'ends a key that it does not hold');
    }
    const ending = this.endings.get(callId);
    const type = ending?.type;
    const executed =
      ending !== undefined && ending.type !== 'hold-ended' && ending.data.outcome.decision === 'executed';
    switch (how.state) {
      case 'completed': {
        if (!executed) this.wrong(callId, `completes its key, but it was ${type ?? 'not ended'}`);
        // Where the end could not be read the window begins with what an operator said of it.
        const at = this.settledByWord.has(callId) ? now : (ending?.at ?? 0);
        const window = windowMs(this.terms.get(callId));
        if (executed && how.until !== at + window)
          this.wrong(callId, 'completes its key for another time than its window');
        key.status = { is: 'completed', by: callId, until: how.until };
        key.unknown = false;
        break;
      }
      case 'in-doubt':
        if (type !== 'in-doubt' && type !== 'resolved' && type !== 'hold-ended')
          this.wrong(callId, `leaves its key in doubt, but it was ${type}`);
        key.status = { is: 'in doubt', by: callId };
        break;
      case 'free':
        // With window 0 an executed call leaves nothing behind.
        if (type === undefined || type === 'in-doubt') this.wrong(callId, 'frees its key, but it has not ended');
        if (executed && windowMs(this.terms.get(callId)) > 0) this.wrong(callId, 'frees its key, but it was executed');
        key.status = { is: 'free' };
        key.freedAt = now;
        break;
    }
  }

  private deduplicated(callId: string, original: string | undefined, at: number): void {
    const key = this.keyOf.get(original ?? '');
    const status = key?.status;
    const waited = key?.waiting.delete(callId) ?? false;
    if (key !== undefined) this.standsFor(callId, key, at);
    if (status?.is !== 'completed' || status.by !== original || (!waited && status.until <= at)) {
      this.wrong(callId, `is answered with ${original}, which did not complete their key`);
    }
  }

  private joinedUnknown(original: string | undefined): void {
    const status = this.keyOf.get(original ?? '')?.status;
    if (status?.is !== 'in doubt' || status.by !== original) {
      this.wrong(original ?? 'a call', 'is given as the unknown of another, but does not hold their key in doubt');
    }
  }

  /** Whoever takes a key, waits for it or is answered by it asks for the same thing as everybody before. */
  private standsFor(callId: string, key: Key, now: number): void {
    const args = this.argsOf.get(callId);
    const { status } = key;
    const free = status.is === 'free' || (status.is === 'completed' && status.until <= now);
    const remembered = key.unknown && now - key.freedAt <= REMEMBERED_MS;
    const bound = !free || key.waiting.size > 0 || remembered;
    if (bound && key.args !== undefined && key.args !== args)
      this.wrong(callId, 'asks for something else under its key');
    key.args = args;
  }

  private key(leaseKey: string): Key {
    const known = this.keys.get(leaseKey);
    if (known !== undefined) return known;
    const key: Key = {
      status: { is: 'free' },
      outgoing: undefined,
      unknown: false,
      freedAt: 0,
      waiting: new Set(),
      taken: 0,
      args: undefined,
    };
    this.keys.set(leaseKey, key);
    return key;
  }

  private wrong(callId: string, what: string, guarantee = 'rule 8'): void {
    this.broken.push({ guarantee, what: `${callId} ${what}` });
  }
}
