import {
  DEFAULT_PLANS,
  finish,
  keyCreated,
  keyRevoked,
  Plans,
  tenantChanged,
  type Draft,
  type EndingEvent,
  type KeyDocument,
  type Plan,
  type TollgateEvent,
} from '@tollgate/events';
import { emptyConfig, foldConfig } from '@tollgate/journal';
import type { Turn } from '@tollgate/stage';
import { LeaseController } from '../lease.controller.js';
import { evolveLease, initialLeaseState, type LeaseState } from '../lease.state.js';
import { NOON, TENANT } from './calls.js';

/** What happened, and when, ms since the epoch. */
export interface Past {
  readonly at: number;
  readonly draft: Draft;
}

export const at = (time: number, draft: Draft): Past => ({ at: time, draft });

/** What the lease stage takes in: an event of another journal or of CALLS, its own timer, or that a look is over. */
export type Input = Draft | 'timer' | { readonly byPolicy: Draft } | { readonly looked: string };

/** Stops at little, so that a spec gets there. */
export const TINY: Plan = {
  ...new Plans(DEFAULT_PLANS, 'free').of(undefined),
  name: 'tiny',
  credits: { make: 1, ai: 2 },
};
const PLANS = new Plans([...DEFAULT_PLANS, TINY], 'unlimited');
const PLACE = { stream: 'DISPATCH-0', seq: 1, index: 0 };

const key = (id: string, role: KeyDocument['role']): KeyDocument => ({
  id,
  hash: id,
  preview: id,
  name: null,
  role,
  agents: ['*'],
  createdAt: 0,
  expiresAt: null,
});
export const keyIs = (id: string, role: KeyDocument['role'] = 'agent', tenant = TENANT): Draft =>
  keyCreated.draft(tenant, { by: '-', key: key(id, role) });
export const keyIsRevoked = (id: string): Draft => keyRevoked.draft(TENANT, { by: '-', id });
export const planIs = (plan: string, id = TENANT): Draft =>
  tenantChanged.draft(id, { by: '-', tenant: { id, name: id, at: 0, plan } });

/** The lease stage without its host: decides one input at a time and folds what it decided. */
export class LeaseStage {
  state = initialLeaseState();
  readonly config = emptyConfig();
  /** Everything that was folded, in order. */
  readonly journal: TollgateEvent[] = [];
  /** Told of each event, once it is folded. */
  readonly listeners: ((event: TollgateEvent) => void)[] = [];
  private readonly controller = new LeaseController(PLANS);

  constructor() {
    for (const draft of [keyIs('key_1'), keyIs('key_admin', 'admin'), keyIs('key_globex', 'agent', 'globex')])
      this.configure(draft);
  }

  configure(draft: Draft): void {
    foldConfig(this.config, this.config.seq + 1, finish(draft, this.config.seq + 1, 0));
  }

  fold(draft: Draft, now: number): void {
    const event = finish(draft, this.journal.length + 1, now);
    this.journal.push(event);
    evolveLease(this.state, event);
    for (const tell of this.listeners) tell(event);
  }

  decide(input: Input, now = NOON): readonly Draft[] {
    const turn = this.turnAt(now);
    if (input === 'timer') return this.controller.timer(turn);
    if ('looked' in input) return this.controller.looked({ id: input.looked }, turn);
    if ('byPolicy' in input) return this.controller.endedByPolicy(finish(input.byPolicy, 0, now) as EndingEvent, turn);
    return this.decideEvent(finish(input, 0, now), turn);
  }

  take(input: Input, now = NOON): readonly Draft[] {
    const drafts = this.decide(input, now);
    for (const draft of drafts) this.fold(draft, now);
    return drafts;
  }

  private turnAt(now: number): Turn<LeaseState> {
    const { state, config } = this;
    return { state, config, now, partition: 0, stampMs: now, place: PLACE, reserveId: () => 0 };
  }

  private decideEvent(event: TollgateEvent, turn: Turn<LeaseState>): readonly Draft[] {
    const { controller } = this;
    switch (event.type) {
      case 'policy-passed':
        return controller.passed(event, turn);
      case 'command-requested':
        return controller.command(event, turn);
      case 'attempt-ended':
        return controller.attemptEnded(event, turn);
      case 'settlement-answered':
        return controller.settlementAnswered(event, turn);
      case 'hold-ended':
        return controller.holdEnded(event, turn);
      case 'in-doubt':
      case 'blocked':
      case 'failed':
      case 'executed':
      case 'resolved':
        return controller.ended(event, turn);
      default:
        throw new TypeError(`no decision of the lease stage takes ${event.type}`);
    }
  }
}

/** `given(what happened).when(an input, at a time).then(what is decided)`; a change of CONFIG has happened before everything. */
export function given(...past: readonly (Draft | Past)[]) {
  const stage = new LeaseStage();
  for (const one of past) {
    if ('draft' in one) stage.fold(one.draft, one.at);
    else if (CONFIG_KINDS.has(one.type)) stage.configure(one);
    else stage.fold(one, NOON);
  }
  return {
    stage,
    when: (input: Input, now = NOON) => {
      const decided = stage.decide(input, now);
      return {
        decided,
        then: (...expected: readonly Draft[]): void => {
          expect(decided).toEqual(expected);
        },
      };
    },
  };
}

const CONFIG_KINDS: ReadonlySet<string> = new Set([keyCreated.type, keyRevoked.type, tenantChanged.type]);
