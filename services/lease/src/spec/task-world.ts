import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import {
  NO_TENANT,
  ownerChanged,
  type Command,
  type commandRequested,
  type DataOf,
  type Draft,
  type TollgateEvent,
} from '@tollgate/events';
import { monthOf, usageIn } from '../credits/credits.state.js';
import { leaseStage } from '../lease.stage.js';
import { evolveLease, initialLeaseState, type LeaseState } from '../lease.state.js';
import { ActionCalls } from './action-calls.js';
import { HOUR, NOON, TENANT } from './calls.js';
import { cancel, complete, extend, fail, lease, lock, reset } from './commands.js';
import { keyIs, LeaseStage, planIs, TINY, type Input } from './given.js';
import { jobOf } from './jobs.js';
import { holderAnswer, leaseAnswer, resetAnswer, standing, type Answer, type Known } from './task-model.js';
import type { HolderWord, TaskStep } from './task-steps.js';
import { must, placeOf, TaskWitness } from './task-witness.js';

interface Asker {
  readonly tenant: string;
  readonly keyId: string;
  readonly admin: string;
}
/** The second one has hardly any credits. */
const ASKERS: readonly [Asker, Asker] = [
  { tenant: TENANT, keyId: 'key_1', admin: 'key_admin' },
  { tenant: 'globex', keyId: 'key_globex', admin: 'key_globex_admin' },
];
const WORDS = { extend, complete, fail, cancel };

const OF_ITSELF: ReadonlySet<string> = new Set(['task-expired', 'task-completed', 'task-failed']);

interface Asked {
  readonly draft: Draft;
  readonly at: number;
}
type Asking = DataOf<typeof commandRequested>;
type Leasing = Extract<TaskStep, { does: 'lock' | 'lease' | 'reset' }>;

/** Those who lease keys, the stage, and the contract's model of it, which says what each of them must be answered. */
export class TaskWorld {
  now = NOON;
  readonly witness = new TaskWitness();
  private readonly calls = new ActionCalls();
  private readonly keys = new Map<string, Known | undefined>();
  private readonly asked: Asked[] = [];
  private readonly leases: { readonly asker: Asker; readonly key: string; readonly by: string }[] = [];
  /** What waits for a look: commands, and calls of actions. */
  private readonly checking = new Set<string>();
  private snapshot: { readonly bytes: Uint8Array; readonly events: number } | undefined;

  constructor(readonly stage = new LeaseStage()) {
    stage.configure(keyIs('key_globex_admin', 'admin', 'globex'));
    stage.configure(planIs(TINY.name, 'globex'));
    stage.listeners.push((event) => {
      this.hears(event);
    });
  }

  happen(step: TaskStep): void {
    switch (step.does) {
      case 'lock':
      case 'lease':
      case 'reset':
        this.send(this.commandOf(step));
        break;
      case 'repeat a command':
        this.sendAgain(step.which);
        break;
      case 'go on': {
        const input = this.calls.next(step.which, step.how);
        if (input !== undefined) this.take(input);
        break;
      }
      case 'look':
        for (const id of this.checking) this.look(id);
        break;
      case 'ring':
        this.take('timer');
        break;
      case 'write down':
        this.snapshot = { bytes: serialize(this.stage.state), events: this.stage.journal.length };
        break;
      case 'take over':
        this.takeOver();
        break;
      case 'pass':
        this.now += step.ms;
        break;
      default:
        this.word(step.does, step.which);
    }
  }

  /** Everything that runs comes to its end, and every job with it. */
  comeToRest(): void {
    for (let rounds = 0; !this.rests(); rounds++) {
      must(rounds < 1_000, 'everything comes to its end');
      for (const id of this.checking) this.look(id);
      const input = this.calls.next(0, 0);
      if (input !== undefined) this.take(input);
      if (this.rings()) this.take('timer');
    }
    must(this.witness.runningJobs === 0, 'every job ends');
    must(this.stage.state.tasks.actions.size === 0, 'no action is left open');
  }

  private rests(): boolean {
    return this.checking.size === 0 && this.calls.allHaveEnded && !this.rings();
  }

  private rings(): boolean {
    return (leaseStage.wakeAt(this.stage.state) ?? Infinity) <= this.now;
  }

  private commandOf(step: Leasing): Draft {
    const id = `c${this.asked.length}`;
    const asker = ASKERS[step.tenant === 0 ? 0 : 1];
    const key = `key ${step.key}`;
    if (step.does === 'reset') return reset(id, { key, tenant: asker.tenant, keyId: asker.admin });
    const manner = {
      ...asker,
      key,
      ttlSec: step.ttlSec,
      ...(step.repeat < 2 ? { repeatHash: `hash ${step.repeat}` } : {}),
    };
    if (step.does === 'lock') return lock(id, manner);
    this.leases.push({ asker, key, by: id });
    const callIds = Array.from({ length: step.actions }, (_, n) => `${id} action ${n}`);
    return lease(id, { ...manner, ...(step.actions === 0 ? {} : { job: jobOf(callIds) }) });
  }

  /** Of one who has lately wanted the key, whether or not he holds it. */
  private word(does: HolderWord, which: number): void {
    const of = this.leases.at(-1 - (which % 8));
    if (of !== undefined) this.send(WORDS[does](`c${this.asked.length}`, of.by, { key: of.key, ...of.asker }));
  }

  private send(draft: Draft): void {
    this.asked.push({ draft, at: this.now });
    this.answered(draft, false);
  }

  /** CALLS holds it twice. */
  private sendAgain(which: number): void {
    const one = this.asked.at(-1 - (which % 5));
    if (one !== undefined && one.at + HOUR > this.now)
      must(this.take(one.draft).length === 0, 'a command that CALLS holds twice is decided once');
  }

  private look(id: string): void {
    this.checking.delete(id);
    const of = this.asked.find(({ draft }) => (draft.data as Asking).commandId === id);
    if (of === undefined) this.take({ looked: id });
    else this.answered(of.draft, true);
  }

  /** The stage's answer is the model's. */
  private answered(draft: Draft, looked: boolean): void {
    const { commandId, command } = draft.data as Asking;
    if (command.does === 'lock') {
      this.take(draft);
      return;
    }
    const answer = this.modelled(draft, command);
    const drafts = this.take(looked ? { looked: commandId } : draft);
    if (answer.why === 'payment_required' && !looked) {
      mustBe(drafts[0], { type: 'credits-checking', data: { id: commandId } });
      return;
    }
    const said = drafts.find(({ data }) => (data as { reply?: object }).reply !== undefined);
    mustBe(said, { type: answer.type, data: { reply: { commandId }, ...shownIn(answer) } });
    this.keys.set(placeOf(draft.tenant, command), answer.after);
  }

  private modelled({ tenant, data }: Draft, command: Exclude<Command, { does: 'lock' }>): Answer {
    const { now } = this;
    const known = this.keys.get(placeOf(tenant, command));
    if (command.does === 'reset') return resetAnswer(known, now);
    if (command.does !== 'lease') return holderAnswer(known, command, now);
    const mayCharge = tenant === TENANT || this.witness.usedBy(tenant, 'ai', monthOf(now)) < TINY.credits.ai;
    return leaseAnswer(known, command, { now, repeatHash: (data as Asking).repeatHash, mayCharge });
  }

  private take(input: Input): readonly Draft[] {
    const drafts = this.stage.take(input, this.now);
    this.creditsAreUsed();
    return drafts;
  }

  private hears(event: TollgateEvent): void {
    const { at } = event;
    this.witness.sees(event, (tenant, key) => standing(this.keys.get(placeOf(tenant, { key })), at) === 'absent');
    this.calls.sees(event, at);
    if (event.type === 'credits-checking') this.checking.add(event.data.id);
    if (OF_ITSELF.has(event.type)) this.ofItself(event);
  }

  /** What the stage does though nobody asks: deadlines pass, jobs end. */
  private ofItself({ type, tenant, data, at: now }: TollgateEvent): void {
    if (!('task' in data) || ('reply' in data && data.reply !== undefined) || data.task.state.is === 'in_progress')
      return;
    const { is, at } = data.task.state;
    const known = this.keys.get(placeOf(tenant, data.task));
    const stood = type === 'task-expired' ? 'expired' : 'in_progress';
    must(standing(known, now) === stood, 'deadlines pass by the clock, and jobs end while they run');
    if (known !== undefined) this.keys.set(placeOf(tenant, data.task), { ...known, is, at });
  }

  /** Credits used are charged answers and admitted calls, less what was given back; where the plan stops, never above it. */
  private creditsAreUsed(): void {
    const month = monthOf(this.now);
    for (const { tenant } of ASKERS) {
      const { ai, make } = usageIn(this.stage.state.credits, tenant, month);
      const used = (kind: 'ai' | 'make') => this.witness.usedBy(tenant, kind, month);
      must(ai === used('ai') && make === used('make'), 'credits used are what was charged');
      const stops = tenant !== TENANT;
      must(!stops || (ai <= TINY.credits.ai && make <= TINY.credits.make), 'a plan that stops is never passed');
    }
  }

  /** A new owner folds the journal, or what came behind a snapshot, and knows which actions it must put again. */
  private takeOver(): void {
    const { stage, snapshot } = this;
    const begun = snapshot === undefined ? initialLeaseState() : (deserialize(snapshot.bytes) as LeaseState);
    const folded = stage.journal.slice(snapshot?.events ?? 0).reduce(evolveLease, begun);
    must(isSame(folded, stage.state), 'the state is what the journal folds to');
    stage.state = folded;
    stage.fold(ownerChanged.draft(NO_TENANT, { owner: 'next', epoch: 'next' }), this.now);
    const inherited = [...folded.tasks.actions].filter((action) => action[1].inherited).map(([callId]) => callId);
    this.witness.mustBePut(new Set(inherited));
  }
}

/** What came out of a snapshot is made of other classes where Jest plays it, though it says the same. */
const isSame = (one: LeaseState, other: LeaseState): boolean =>
  isDeepStrictEqual(deserialize(serialize(comparable(one))), deserialize(serialize(comparable(other))));

/** Without what is worked out anew from the rest: when to look at the clock next, when to sweep. */
export const comparable = (state: LeaseState): object => ({ ...state, unswept: 0, nextDue: 0, waitingDue: 0 });

function shownIn({ why, leaseId, version, charged, firstSeenAt }: Answer): object {
  if (why !== undefined) return { why };
  const known = { leaseId, version, firstSeenAt };
  const task = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { task, ...(charged === undefined ? {} : { credits: { charged } }) };
}

/** As `toMatchObject` says it, where it does not hold; asked so often, that is slow. */
function mustBe(said: unknown, expected: object): void {
  if (!holds(said, expected)) expect(said).toMatchObject(expected);
}

const holds = (said: unknown, expected: unknown): boolean =>
  typeof expected === 'object' && expected !== null
    ? Object.entries(expected).every(([member, value]) => holds((said as Record<string, unknown>)?.[member], value))
    : said === expected;
