import { mutant, type Mutant } from './mutant.js';

const SOURCES = 'libs/stage/dist/sources.js';
const LOST = 'services/audit/dist/reading/lost-position.js';

/** Readers that go on though their stream is not the one any more that they have read (rule 3). */
export const LOSS_MUTANTS: readonly Mutant[] = [
  mutant(3, 'a stage does not notice a lost tail', [
    SOURCES,
    'if (last < at.seq)',
    'if (last < at.seq) return;\n    if (false)',
  ]),
  mutant(
    3,
    'a stage does not notice that a stream was made anew',
    [SOURCES, 'if (end.mark !== at.mark)', 'if (false)'],
    [SOURCES, '!isFirst || beginsAsAsked(source, after, end)', 'true'],
  ),
  mutant(3, 'a stage does not notice that its position is gone', [
    SOURCES,
    'if (message === undefined)',
    'if (message === undefined) return;\n    if (false)',
  ]),
  mutant(3, 'a stage does not notice that a stream lacks its beginning', [
    SOURCES,
    'source.subject === undefined && first > 1',
    'false',
  ]),
  mutant(3, 'a stage folds a journal that lacks its beginning', [SOURCES, 'if (first <= 1)', 'if (true)']),
  mutant(3, 'a reader goes on with a new consumer without a look', [
    'libs/journal/dist/intake.js',
    'if (this.consumer === consumer)',
    'if (true)',
  ]),
  mutant(16, 'a projection does not notice a lost tail', [LOST, 'if (position.seq > last)', 'if (false)']),
  mutant(16, 'a projection does not notice a gap behind its position', [
    LOST,
    'if (position.seq + 1 < first)',
    'if (false)',
  ]),
  mutant(16, 'a projection does not notice that a stream was made anew', [
    LOST,
    'markOf(message.data) !== position.mark',
    'false',
  ]),
  mutant(3, 'a reader gives up when its connection breaks while it looks', [
    'libs/journal/dist/intake.js',
    'looks < MOST_LOOKS',
    'false',
  ]),
];
