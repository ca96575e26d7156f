import { mutant, type Mutant } from './mutant.js';

const DECISIONS = 'services/audit/dist/decisions/decision-sink.js';

/** Where a projection goes on, and what it publishes (rule 16). */
export const PROJECTION_MUTANTS: readonly Mutant[] = [
  // 16. A projection keeps its positions with its rows
  mutant(16, "a new owner gives ids below its predecessor's word", [
    'libs/stage/dist/own-journal.js',
    'this.idsAbove(aboveAllWatermarks(message.stampMs, CLOCK_BOUND_MS));',
    ';',
  ]),
  mutant(16, 'a projection goes on from memory', [
    'services/audit/dist/lane/lane.js',
    'this.positions = await sink.load(sources);',
    'if (this.intake === undefined) this.positions = await sink.load(sources);',
  ]),
  mutant(16, 'a wiped Redis is not noticed', [
    'services/audit/dist/redis/outcome-sink.js',
    "if (answer === 'moved')",
    'if (false)',
  ]),
  mutant(16, 'a projection that has nothing to store does not look', [
    'services/audit/dist/lane/lane.js',
    'await this.store(await intake.take(IDLE_MS, sink.lingerMs));',
    'const taken = await intake.take(IDLE_MS, sink.lingerMs); if (taken.length > 0) await this.store(taken);',
  ]),
  mutant(16, 'a decision does not say how far the other sources are', [
    DECISIONS,
    'partly: partlyOf(this.reached, done, source)',
    'partly: {}',
  ]),
  mutant(16, 'a decision expects a place, whoever stands before it', [
    DECISIONS,
    '{ lastSeq, lastMessageId: this.idOf(lastSeq) }',
    '{ lastSeq }',
  ]),
  mutant(16, 'a decision is published again by whoever goes on', [
    DECISIONS,
    '!isBehind(this.reached, source, seq, index)',
    'true',
  ]),
];
