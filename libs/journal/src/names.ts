import { createHash } from 'node:crypto';
import type { JournalName } from '@tollgate/events';

/** Every stream, subject and header name of Tollgate is built here and nowhere else. */

export const CONFIG_STREAM = 'CONFIG';
export const OWNERS_STREAM = 'OWNERS';
export const DECISIONS_STREAM = 'DECISIONS';
export const SNAPSHOTS_STREAM = 'SNAPSHOTS';

/** Who reads what gateways write into CALLS. */
export const CALLS_READERS = ['policy', 'lease', 'dispatcher'] as const;
export type CallsReader = (typeof CALLS_READERS)[number];

export const JOURNALS: readonly JournalName[] = ['policy', 'lease', 'budget', 'dispatch'];
/** Every reader of CALLS refuses a key that is not good: policy of calls, lease of commands, dispatch of words (rule 12). */
export const KEY_STAGES: readonly JournalName[] = ['policy', 'lease', 'dispatch'];

/** Carries a random word of each CALLS message, so that a position can tell its message from another at the same place. */
export const MARK_HEADER = 'Tollgate-Mark';

/** JetStream's own: names a message, so that the next one can expect to stand right behind it. */
export const MESSAGE_ID_HEADER = 'Nats-Msg-Id';

export const callsStream = (partition: number): string => `CALLS-${partition}`;
export const callsSubject = (partition: number, reader: CallsReader): string => `tollgate.calls.${partition}.${reader}`;

/** What no stage decides: what clients put on timelines themselves, and what gateways count. */
export const notesStream = (partition: number): string => `NOTES-${partition}`;
/** A note that may be sent again has a subject of its own, named by what is the same in every repeat. */
export const notesSubject = (partition: number, repeat?: string): string =>
  `tollgate.notes.${partition}.${repeat === undefined ? 'each' : `once.${repeat}`}`;

/** How many requests one gateway has refused for their rate; nobody else writes there. */
export const limitedSubject = (partition: number, gateway: string): string =>
  `tollgate.notes.${partition}.limited.${subjectToken(gateway)}`;

export const journalStream = (journal: JournalName, partition: number): string =>
  `${journal.toUpperCase()}-${partition}`;
export const journalSubject = (journal: JournalName, partition: number): string =>
  `tollgate.journal.${journal}.${partition}`;
/** Where a journal holds the batches that say what of it is still needed, so that the last one is found at once (rule 15). */
export const keptSubject = (journal: JournalName, partition: number): string =>
  `${journalSubject(journal, partition)}.kept`;

/** A stage's snapshots, in parts, and the last one's head, which is written behind its parts. */
export const snapshotSubject = (journal: JournalName, partition: number): string =>
  `tollgate.snapshots.${journal}.${partition}`;
export const snapshotHeadSubject = (journal: JournalName, partition: number): string =>
  `${snapshotSubject(journal, partition)}.head`;

export const CONFIG_KINDS = ['tenant', 'key', 'policy', 'agent', 'tool'] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

/** One subject per configured thing, so that concurrent edits of it are told by its last sequence. */
export const configSubject = (tenant: string, kind: ConfigKind, id: string): string =>
  `tollgate.config.${digest(tenant)}.${kind}.${digest(id)}`;

/** No id has a control character, so this keeps scope and name apart. */
export const toolSubject = (tenant: string, scope: string, name: string): string =>
  configSubject(tenant, 'tool', `${scope}\u0000${name}`);

export const ownerSubject = (stage: string, partition: number): string => `tollgate.owners.${stage}.${partition}`;

/** Plain messages (not stored): an ending for the gateway that waits, and questions to a stage's owner. */
export const answerSubject = (gateway: string): string => `tollgate.answers.${gateway}`;
export const appliedSubject = (stage: string, partition: number): string => `tollgate.applied.${stage}.${partition}`;

/** Whatever else a stage's owner can say from its state. */
export const questionSubject = (stage: string, partition: number): string => `tollgate.questions.${stage}.${partition}`;

/** Below which id nothing more will be journaled (rule 16). */
export const watermarkSubject = (stage: string, partition: number): string =>
  `tollgate.watermark.${stage}.${partition}`;

/** Where an operator asks audit about projections; a plain message. */
export const PROJECTIONS_SUBJECT = 'tollgate.projections';

/** `tollgate.v1.decision.<tenant>.<decision>.<agent>` (contract section 10). */
export const decisionSubject = (tenant: string, decision: string, agent: string): string =>
  `tollgate.v1.decision.${subjectToken(tenant)}.${subjectToken(decision)}.${subjectToken(agent)}`;

/** Free text as one subject token: `[A-Za-z0-9_-]` stand for themselves, every other byte of the UTF-8 is `=XX`. */
export function subjectToken(text: string): string {
  let token = '';
  for (const byte of new TextEncoder().encode(text)) {
    const char = String.fromCharCode(byte);
    token += /[A-Za-z0-9_-]/.test(char) ? char : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return token;
}

/** Ids may be long: a subject of CONFIG carries their digest, the event carries the id. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
