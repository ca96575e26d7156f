import fc from 'fast-check';
import {
  holdEnded,
  policyPassed,
  type DataOf,
  type Draft,
  type leaseAcquired,
  type PassedCall,
} from '@tollgate/events';
import { leaseStage } from '../lease.stage.js';
import { DEADLINE, keyOf, NOON, passed, TENANT, WAIT } from './calls.js';
import {
  attempt,
  endedBlocked,
  endedExecuted,
  endedFailed,
  endedInDoubt,
  resolvedExecuted,
  resolvedFailed,
} from './endings.js';
import { LeaseStage, type Input } from './given.js';

/** One step of the world around the stage; `which` picks among the calls that it can happen to. */
export type Step =
  | { readonly does: 'arrive'; readonly key: number }
  | { readonly does: 'timer' }
  | { readonly does: 'pass'; readonly ms: number }
  | { readonly does: 'unknown attempt' | 'late ending'; readonly which: number }
  | { readonly does: 'end'; readonly which: number; readonly how: keyof typeof ENDS }
  | { readonly does: 'resolve'; readonly which: number; readonly how: keyof typeof RESOLUTIONS };

const ENDS = { executed: endedExecuted, failed: endedFailed, blocked: endedBlocked, inDoubt: endedInDoubt };
const RESOLUTIONS = {
  executed: resolvedExecuted,
  failed: resolvedFailed,
  holdEnded: ({ call }: PassedCall) => holdEnded.draft(TENANT, { callId: call.callId }),
};

const which = fc.nat(20);
export const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant('arrive' as const), key: fc.nat(2) }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('timer' as const) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('pass' as const), ms: fc.nat(WAIT) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('unknown attempt', 'late ending'), which }) },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('end' as const), which, how: keysOf(ENDS) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('resolve' as const), which, how: keysOf(RESOLUTIONS) }) },
  ),
  { maxLength: 60 },
) as fc.Arbitrary<Step[]>;

function keysOf<T extends object>(of: T): fc.Arbitrary<keyof T> {
  return fc.constantFrom(...(Object.keys(of) as (keyof T)[]));
}

/** The stage and the world around it, which knows only what the stage has said. */
export class World {
  now = NOON;
  readonly calls = new Map<string, PassedCall>();
  readonly holders = new Map<string, PassedCall>();
  readonly inDoubt = new Map<string, PassedCall>();
  /** Calls that have ended, by this stage or another one. */
  readonly ended = new Map<string, PassedCall>();

  constructor(readonly stage = new LeaseStage()) {
    stage.listeners.push(({ type, data }) => {
      const { call } = data as PassedCall;
      if (type === 'lease-acquired' && this.calls.has(call.callId)) this.acquired(data as DataOf<typeof leaseAcquired>);
      if (type === 'deduplicated' || type === 'failed') this.end(call.callId);
    });
  }

  take(input: Input): readonly Draft[] {
    return this.stage.take(input, this.now);
  }

  arrive(key: number): void {
    const callId = `call ${this.calls.size}`;
    const times = { waitUntil: this.now + WAIT, deadline: this.now + DEADLINE };
    const one = passed(callId, { call: times, terms: { dedupHash: `arguments ${key}` } });
    this.calls.set(callId, one);
    this.take(policyPassed.draft(TENANT, one));
  }

  endHolder(one: PassedCall, how: keyof typeof ENDS): void {
    this.holders.delete(keyOf(one));
    if (how === 'inDoubt') this.inDoubt.set(one.call.callId, one);
    this.end(one.call.callId);
    this.take(ENDS[how](one));
  }

  private acquired({ grant, ...one }: DataOf<typeof leaseAcquired>): void {
    // Never two holders, and none beside one in doubt.
    expect(this.holders.has(grant.leaseKey)).toBe(false);
    expect([...this.inDoubt.values()].map(keyOf)).not.toContain(grant.leaseKey);
    expect(this.ended.has(one.call.callId)).toBe(false);
    this.holders.set(grant.leaseKey, one);
  }

  private end(callId: string): void {
    expect(this.ended.has(callId)).toBe(false);
    const one = this.calls.get(callId);
    if (one !== undefined) this.ended.set(callId, one);
  }
}

export function happen(world: World, step: Step): void {
  switch (step.does) {
    case 'arrive':
      world.arrive(step.key);
      break;
    case 'timer':
      world.take('timer');
      break;
    case 'pass':
      world.now += step.ms;
      break;
    case 'unknown attempt': {
      const one = pick(world.holders, step.which);
      if (one !== undefined) world.take(attempt(one, 'unknown'));
      break;
    }
    case 'late ending': {
      // Nobody's late ending frees another's key.
      const one = pick(world.ended, step.which);
      if (one !== undefined) expect(world.take(endedFailed(one))).toEqual([]);
      break;
    }
    case 'end': {
      const one = pick(world.holders, step.which);
      if (one !== undefined) world.endHolder(one, step.how);
      break;
    }
    case 'resolve': {
      const one = pick(world.inDoubt, step.which);
      if (one === undefined) break;
      world.inDoubt.delete(one.call.callId);
      world.take(RESOLUTIONS[step.how](one));
      break;
    }
  }
}

const pick = (from: Map<string, PassedCall>, number: number): PassedCall | undefined =>
  [...from.values()][number % Math.max(1, from.size)];

function firstOf(from: Map<string, PassedCall>): PassedCall {
  const first = pick(from, 0);
  if (first === undefined) throw new Error('somebody waits for a holder, and there is none');
  return first;
}

/** The stage rings whenever it asks to; holders end. Whoever still waits then would wait for ever. */
export function comeToRest(world: World): void {
  for (let rounds = 0; world.stage.state.waiting.size > 0; rounds++) {
    expect(rounds).toBeLessThan(1_000);
    if (leaseStage.wakeAt(world.stage.state) === 0) expect(world.take('timer')).not.toEqual([]);
    else world.endHolder(firstOf(world.holders), rounds % 2 === 0 ? 'failed' : 'executed');
  }
}
