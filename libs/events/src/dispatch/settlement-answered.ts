import { z } from 'zod';
import { settlement } from '../calls/settlement-requested.js';
import { defineEvent } from '../event.js';

/**
 * What the dispatcher made of an operator's word about a parked input: whoever holds something for that call lets it go,
 * unless the call is `still_open` here, and will have another end. In DISPATCH.
 */
export const settlementAnswered = defineEvent(
  'settlement-answered',
  1,
  settlement.extend({ answer: z.enum(['settled', 'still_open']) }),
);
