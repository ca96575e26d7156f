import { EventDecodeError, inputParked, NO_TENANT, type Draft } from '@tollgate/events';
import { callIdOf, callOf, tenantOf, type Input, type SourceInput } from './input.js';
import type { Decide, StageDefinition, Turn } from './stage-definition.js';

export interface Decided {
  readonly drafts: readonly Draft[];
  /** Why the input was parked instead of decided (rule 14). */
  readonly parked?: 'undecodable' | 'unknown_type' | 'decision_failed';
}

/**
 * Asks the stage's decision on an input. An input that cannot be decoded, or makes its decision throw, is parked: an
 * event says where it lies and a code, never its text, and its call ends here if this stage still has it (rule 14).
 * Throws for an event of a newer release, and for a bug in a timer or a local decision: those stop the owner.
 */
export async function decisionOn<S>(
  input: Input,
  turn: Turn<S>,
  decide: Decide<S>,
  definition: StageDefinition<S>,
): Promise<Decided> {
  if (input.from !== 'source') {
    const data = input.from === 'local' ? input.data : undefined;
    return { drafts: (await decide(patternOf(input), data, turn)) ?? [] };
  }
  const { event } = input;
  if (event instanceof EventDecodeError) {
    if (event.code === 'unknown_version') throw event;
    return { drafts: park(input, event.code, event.inputType, turn, definition), parked: event.code };
  }
  try {
    return { drafts: (await decide(patternOf(input), event, turn)) ?? [] };
  } catch {
    // What was thrown may quote its input: only a code is kept (G6).
    const drafts = park(input, 'decision_failed', event.type, turn, definition);
    return { drafts, parked: 'decision_failed' };
  }
}

/** `<source>/<event type>`, `local/<type>` or `timer`: what a decision is registered for. */
export function patternOf(input: Input): string {
  switch (input.from) {
    case 'timer':
      return 'timer';
    case 'local':
      return `local/${input.type}`;
    case 'source':
      return `${input.source}/${input.event instanceof EventDecodeError ? 'undecodable' : input.event.type}`;
  }
}

function park<S>(
  input: SourceInput,
  code: NonNullable<Decided['parked']>,
  inputType: string | undefined,
  turn: Turn<S>,
  definition: StageDefinition<S>,
): readonly Draft[] {
  const call = callOf(input.event);
  const callId = callIdOf(input.event);
  const takesOn = inputType === definition.takesOn;
  const tenant = tenantOf(input.event) ?? NO_TENANT;
  const { source, stream, position } = input;
  const parked = inputParked.draft(tenant, {
    source,
    stream,
    seq: position.seq,
    index: position.index,
    code,
    ...(inputType === undefined ? {} : { inputType: inputType.slice(0, 64) }),
    ...(callId === undefined ? {} : { callId }),
  });
  if (call === undefined || !takesOn) return [parked];
  const timed = call.requestedId === 0 ? { ...call, requestedId: turn.reserveId() } : call;
  return [parked, ...definition.parked(turn.state, timed, turn.stampMs, tenant)];
}
