import { mutant, type Mutant } from './mutant.js';

const LOOP = 'libs/stage/dist/owner-loop.js';
const RESOLUTION = 'services/dispatcher/dist/decide-resolution.js';
const AFTER_EFFECTS = "await fault('after-effects');";

/** The journal and who writes it (rules 1 to 4). */
export const JOURNAL_MUTANTS: readonly Mutant[] = [
  // 1. One writer, fenced by the log
  mutant(1, 'no expected sequence', [LOOP, '{ lastSeq: journal.seq }', '{}']),
  mutant(1, 'a refused writer goes on', [
    LOOP,
    'if (!this.stopped)\n                this.options.fenced(error);',
    'this.options.journal.seq = (await this.options.bus.rangeOf(`${this.options.definition.name.toUpperCase()}-${this.options.partition}`).catch(() => ({ last: 0 }))).last;',
  ]),
  mutant(1, 'owner-changed is not appended', [
    'libs/stage/dist/open-epoch.js',
    'const seq = await appendOwnerChanged(opening);',
    'opening.journal.epoch = opening.clock.newName(); const { seq } = opening.journal;',
  ]),
  // 2. Nothing leaves before its ack
  mutant(
    2,
    'effects before the ack',
    [LOOP, "await fault('before-append');", 'this.options.committed(batch.events);'],
    [LOOP, `this.options.committed(batch.events);\n        ${AFTER_EFFECTS}`, AFTER_EFFECTS],
  ),
  mutant(
    2,
    'answers before the ack',
    [LOOP, "await fault('before-append');", 'this.options.committed(batch.events.filter(isEnding));'],
    [
      LOOP,
      `this.options.committed(batch.events);\n        ${AFTER_EFFECTS}`,
      `this.options.committed(batch.events.filter((event) => !isEnding(event)));\n        ${AFTER_EFFECTS}`,
    ],
  ),
  // 3. Each input is decided once, in order
  // Stored behind it, with the next one.
  mutant(3, 'positions outside the batch', [
    LOOP,
    'batch.isKept ? journal.positions : batch.positions)',
    'batch.isKept ? journal.positions : (() => { const late = journal.late ?? new Map(); journal.late = batch.positions; return late; })())',
  ]),
  mutant(3, 'a new owner skips the rest of a batch', [
    'libs/stage/dist/sources.js',
    'after === undefined ? 0 : after.seq - 1',
    'after === undefined ? 0 : after.seq',
  ]),
  mutant(3, 'a new owner decides a batch from its beginning', [
    'libs/stage/dist/input.js',
    'input.position.index > behind',
    'true',
  ]),
  mutant(3, 'a call twice in CALLS is decided twice', [
    'services/policy/dist/policy.state.js',
    'decided.has(callId) || decidedBefore.has(callId)',
    'false',
  ]),
  mutant(3, "copies of an operator's word are known for an hour", [
    'services/dispatcher/dist/dispatch.state.js',
    'state.words.set(event.data.commandId, event.at);',
    `for (const [word, at] of state.words) if (at < event.at - 3_600_000) state.words.delete(word);
            state.words.set(event.data.commandId, event.at);`,
  ]),
  mutant(3, "an operator's word twice in CALLS is decided twice", [RESOLUTION, 'state.words.has(commandId)', 'false']),
  // 4. Time is an input
  mutant(4, 'now goes back', [
    LOOP,
    'return Math.max(this.options.clock.now(), this.options.journal.lastAt);',
    'return this.options.clock.now();',
  ]),
  mutant(4, 'an owner whose clock is off goes on', [
    'libs/stage/dist/ownership.js',
    'Math.abs(off) <= CLOCK_BOUND_MS',
    'true',
  ]),
  mutant(
    4,
    'a machine whose clock is off claims again at once',
    ['libs/stage/dist/stage-runner.js', 'restMs = CLOCK_RETRY_MS', 'restMs = RETRY_MS'],
    ['libs/stage/dist/ownership.js', 'void this.say(this.wordSeq, true)', 'void Promise.resolve()'],
  ),
];
