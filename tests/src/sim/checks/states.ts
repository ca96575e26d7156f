import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { journalStream } from '@tollgate/journal';
import type { StageDefinition } from '@tollgate/stage';
import type { Simulation } from '../simulation.js';
import type { Violation } from './violation.js';

/** What is looked into of a stage's host, though it shows it to nobody. */
interface Insides {
  readonly session?: {
    readonly ended: boolean;
    readonly journal: { readonly state: object; readonly seq: number };
    readonly loop?: { readonly idle: boolean };
  };
  readonly options: { readonly definition: StageDefinition<object> };
}

/** Rule 3: whatever a process went through, its state is what its journal folds to. */
export const statesAreFolds = ({ stages, record, broker }: Simulation): Violation[] =>
  stages
    .filter(({ process }) => process.alive)
    .flatMap(({ name, process, runners }) =>
      runners.flatMap((runner, partition): Violation[] => {
        const { session, options } = runner as unknown as Insides;
        // An owner's state runs ahead of its journal until its append is acknowledged (rule 2); of a session that was
        // shut out it does for good, and goes with it (rule 1), at the latest when what it has asked the broker is answered.
        if (session === undefined || session.ended || session.loop?.idle === false) return [];
        const { state, seq } = session.journal;
        // Of a purged journal a fold says the same once it has come by what allowed the purge (rule 15).
        const { first, last } = broker.range(journalStream(name, partition));
        if (first > 1 && seq < last) return [];
        let folded = options.definition.initial();
        for (const stored of record.batches) {
          if (stored.journal !== name || stored.partition !== partition || stored.seq > seq) continue;
          for (const event of stored.batch.events) folded = options.definition.evolve(folded, event);
        }
        const { revive = (one: object) => one } = options.definition.keeping;
        return isSame(comparable(revive(state)), comparable(revive(folded)))
          ? []
          : [{ guarantee: 'rule 3', what: `the state of ${process.name} is not what its journal folds to` }];
      }),
    );

/** What came out of a snapshot is made of other classes where Jest plays it, though it says the same. */
const isSame = (one: object, other: object): boolean =>
  isDeepStrictEqual(one, other) || isDeepStrictEqual(deserialize(serialize(one)), deserialize(serialize(other)));

/** Without what is worked out anew from the rest: when to look at the clock next, when to sweep. */
const comparable = (state: object): object => ({
  ...state,
  nextDue: undefined,
  waitingDue: undefined,
  unswept: undefined,
});
