import { Controller } from '@nestjs/common';
import {
  type attemptEnded,
  type Draft,
  type EndingEvent,
  type EventOf,
  type holdEnded,
  type policyPassed,
} from '@tollgate/events';
import { AsOf, Decides, Input, type Turn } from '@tollgate/stage';
import { decideAttempt } from './decide-attempt.js';
import { decidePassed } from './decide-passed.js';
import type { LeaseState } from './lease.state.js';
import { answerWaiters, settle, settleHold } from './settle.js';

type LeaseTurn = Turn<LeaseState>;

/** Which decision answers which input. */
@Controller()
export class LeaseController {
  @Decides('policy/policy-passed')
  passed(@Input() event: EventOf<typeof policyPassed>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return decidePassed(turn.state, event.tenant, event.data, turn.now);
  }

  @Decides(
    'budget/blocked',
    'budget/failed',
    'dispatch/blocked',
    'dispatch/failed',
    'dispatch/executed',
    'dispatch/in-doubt',
    'dispatch/resolved',
  )
  ended(@Input() event: EndingEvent, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return settle(turn.state, event, turn.place);
  }

  @Decides('dispatch/hold-ended')
  holdEnded(@Input() event: EventOf<typeof holdEnded>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return settleHold(turn.state, event.tenant, event.data.callId);
  }

  @Decides('dispatch/attempt-ended')
  attemptEnded(@Input() event: EventOf<typeof attemptEnded>, @AsOf() turn: LeaseTurn): readonly Draft[] {
    return decideAttempt(turn.state, event);
  }

  @Decides('timer')
  timer(@AsOf() turn: LeaseTurn): readonly Draft[] {
    return answerWaiters(turn.state, turn.now);
  }
}
