import type { CallHeader, Draft, JournalName, PayloadPlace, TollgateEvent } from '@tollgate/events';
import type { ConfigState } from '@tollgate/journal';
import type { Keeping } from './keeping.js';

/** One stream that a stage takes its inputs from. */
export interface Source {
  /** Short name; the pattern of a decision is `<source>/<event type>`. */
  readonly name: string;
  readonly stream: (partition: number) => string;
  /** Only this subject of the stream. */
  readonly subject?: (partition: number) => string;
  /** CALLS has many writers and one event a message; a journal has batches. */
  readonly kind: 'calls' | 'journal';
}

/** What a decision may look at besides its input: state as of this input, and time as an input (rule 4). */
export interface Turn<S> {
  readonly state: S;
  /** CONFIG as far as it has been read; empty for stages that do not read it. */
  readonly config: ConfigState;
  /** Milliseconds since the epoch, never less than the last event's. */
  readonly now: number;
  readonly partition: number;
  /** The broker's stamp of the input; `now` for timers and local inputs. */
  readonly stampMs: number;
  /** Where the input lies, so that a large payload can be pointed at. */
  readonly place: PayloadPlace | undefined;
  /** Takes an event id of its own, for what stands for an input without one. */
  reserveId(): number;
}

/** The pure part of a stage: everything but its decisions, which are the methods of its controller. */
export interface StageDefinition<S> {
  readonly name: JournalName;
  readonly sources: readonly Source[];
  readonly readsConfig: boolean;
  initial(): S;
  /** Folds one event of the own journal. May update `state` in place, which the host owns; must not look elsewhere. */
  evolve(state: S, event: TollgateEvent): S;
  /** How the state outlives its process, and the oldest messages of its journal (rules 3 and 15). */
  readonly keeping: Keeping<S>;
  /** When the decision `timer` must be asked next, ms since the epoch. */
  wakeAt(state: S): number | undefined;
  /** The event by which this stage takes a call on: parked, it ends the call here; any other is an ending or passed by. */
  readonly takesOn: TollgateEvent['type'];
  /** The call that was to be taken on was parked (rule 14): what ends it, unless this stage has it already. */
  parked(state: S, call: CallHeader, stampMs: number, tenant: string): readonly Draft[];
}

/** What a stage may do once its events are in the journal (rule 2). */
export interface StageEffects<S> {
  /** A new owner: its own journal is folded, its inputs are read from here on. */
  owning?(owner: Owner<S>): void;
  /** An event of this owner is in the journal. */
  committed?(event: TollgateEvent, owner: Owner<S>): void;
  /** Not the owner any more: nothing may leave in its name. */
  disowned?(owner: Owner<S>): void;
  /**
   * Before a change of CONFIG is answered as applied: the kill switch waits for the permits before it (rule 12). May
   * answer a time that the answer must not lie before.
   */
  applied?(agent: { tenant: string; agent: string } | undefined, owner: Owner<S>): Promise<number | undefined>;
}

/** The owner of one partition of a stage, as its effects see it. */
export interface Owner<S> {
  readonly partition: number;
  readonly state: S;
  readonly config: ConfigState;
  /** Hands something that happened in this process to the decision `local/<type>`. */
  submit(type: string, data: unknown): void;
  /** Resolves when the named sources have been decided up to their ends as of now (rule 11). */
  look(sources: readonly string[]): Promise<void>;
  readonly isOwner: boolean;
  /** No event of the journal says a later time. */
  readonly lastAt: number;
}

/** Runs the decision for a pattern; undefined when the stage has none for it. */
export type Decide<S> = (
  pattern: string,
  input: unknown,
  turn: Turn<S>,
) => Promise<readonly Draft[] | undefined> | undefined;

/** Runs the answer to a question, which becomes JSON; undefined when the stage has none for it. */
export type Answer<S> = (about: string, details: unknown, turn: Turn<S>) => Promise<unknown> | undefined;
