import { answers } from './calls/answers.js';
import { callsOnRecord } from './calls/calls-on-record.js';
import { Calls } from './calls/calls.js';
import { dedup } from './calls/dedup.js';
import { moneyAndCounts } from './calls/money-and-counts.js';
import { orderOfChecks } from './calls/order-of-checks.js';
import { situations } from './calls/situations.js';
import { whatIsSent } from './calls/what-is-sent.js';
import { installed } from './installed.js';

describe('contract 3.1, the governed call', () => {
  const calls = new Calls(installed());

  situations(calls);
  whatIsSent(calls);
  answers(calls);
  orderOfChecks(calls);
  dedup(calls);
  moneyAndCounts(calls);
  callsOnRecord(calls);
});
