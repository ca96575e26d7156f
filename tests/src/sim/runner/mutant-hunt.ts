import type { Mutant } from '../mutants.js';
import { SeedQueue } from './seed-queue.js';
import type { BrokenRun, Job, Played } from './worker-protocol.js';

/** How a hunt ended. */
export type Verdict =
  | { readonly is: 'found'; readonly runs: number; readonly by: BrokenRun }
  | { readonly is: 'not found'; readonly runs: number }
  /** Kept runs that name it break nothing with it: they keep nothing any more. */
  | { readonly is: 'held'; readonly runs: number; readonly kept: readonly string[] }
  /** It could not be played: the patch does not fit any more, or a worker died. */
  | { readonly is: 'not played'; readonly why: string };

/** One job of a hunt, by its place among them. */
export interface Numbered {
  readonly place: number;
  readonly job: Job;
}

/**
 * The hunt for one mutant: the kept runs that name it, each of which must break; the seed that found it last, all kept runs,
 * then one seed after the other. Several workers may share it; the verdict is the same, because a finding counts once
 * everything before it has been played.
 */
export class MutantHunt {
  verdict: Verdict | undefined;
  /** Workers that are at it. */
  workers = 0;
  private readonly seeds: SeedQueue;
  private readonly beginnings: Job['stretch'][];
  private handedOut = 0;
  private exhausted = false;
  private readonly answers: (Played | undefined)[] = [];

  constructor(
    readonly mutant: Mutant,
    firstSeed: number,
    runs: number,
    foundBy?: number,
  ) {
    this.seeds = new SeedQueue(firstSeed, runs);
    const last = foundBy === undefined ? [] : [{ first: foundBy, runs: 1 }];
    this.beginnings = ['its own', ...last, 'regressions'];
  }

  /** Whether there is anything that nobody is playing yet. */
  get isOpen(): boolean {
    return this.verdict === undefined && !this.exhausted && !this.hasFinding;
  }

  /** What is to be played next; undefined when others are at the rest of it. */
  next(): Numbered | undefined {
    if (!this.isOpen) return undefined;
    const stretch = this.beginnings.shift() ?? this.seeds.next();
    if (stretch === undefined) {
      this.exhausted = true;
      this.verdict = this.judge();
      return undefined;
    }
    return { place: this.handedOut++, job: { stretch, untilBroken: stretch !== 'its own' } };
  }

  heard(place: number, played: Played): void {
    this.answers[place] = played;
    this.verdict ??= this.judge();
  }

  gone(why: string): void {
    this.verdict ??= { is: 'not played', why };
  }

  /** Runs that were played so far. */
  get runs(): number {
    return this.answers.reduce((sum, played) => sum + (played?.runs ?? 0), 0);
  }

  private get hasFinding(): boolean {
    return this.answers.some((played) => played !== undefined && played.broken.length > 0);
  }

  private judge(): Verdict | undefined {
    let runs = 0;
    for (let place = 0; place < this.handedOut; place++) {
      const played = this.answers[place];
      if (played === undefined) return undefined;
      runs += played.runs;
      const kept = place === 0 ? (played.held ?? []) : [];
      if (kept.length > 0) return { is: 'held', runs, kept };
      const [by] = played.broken;
      if (by !== undefined) return { is: 'found', runs, by };
    }
    return this.exhausted ? { is: 'not found', runs } : undefined;
  }
}
