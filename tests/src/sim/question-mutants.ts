import { mutant } from './mutant.js';

const WORK = 'services/dispatcher/dist/partition-work.js';
const RECONCILED = 'services/dispatcher/dist/decide-reconciled.js';

/** Questions to tools what became of an unknown attempt. */
export const QUESTION_MUTANTS = [
  mutant(7, 'a tool that does not answer is taken to have done nothing', [
    RECONCILED,
    'switch (word.says) {',
    "switch (word.says === 'unknown' ? 'not_executed' : word.says) {",
  ]),
  mutant(
    7,
    'a tool that can be asked is sent its call again instead',
    [
      'services/dispatcher/dist/decide-answer.js',
      "answer.known === 'unknown' && tool.onUnknown !== 'retry'",
      "answer.known === 'unknown' && tool.onUnknown !== 'retry' && tool.onUnknown !== 'reconcile'",
    ],
    ['services/dispatcher/dist/decide-answer.js', "tool.onUnknown === 'reconcile' && isUnknown(after)", 'false'],
  ),
  mutant(7, 'a new owner does not ask again', [WORK, "if (call.phase.is === 'asking')", 'if (false)']),
  mutant(6, 'what a tool says of a call in doubt ends it once more', [
    RECONCILED,
    "const late = call.phase.is === 'in-doubt';",
    'const late = false;',
  ]),
];
