import { mutant, type Mutant } from './mutant.js';

/** What gateways answer, and when (rules 12 and 17). */
export const GATEWAY_MUTANTS: readonly Mutant[] = [
  // 12. As gateways see to it
  mutant(12, 'a gateway answers that an agent is disabled without asking', [
    'services/gateway/dist/config/in-force.js',
    'const left = until - this.clock.now();',
    'return this.clock.now();',
  ]),
  // 17. A gateway answers when the ending is in a journal
  mutant(17, 'a lost ack of CALLS is answered as if nothing was put', [
    'services/gateway/dist/run/calls-inbox.js',
    'if (isNotStored(error))',
    'if (true)',
  ]),
  mutant(17, 'a gateway waits without a limit', [
    'services/gateway/dist/run/until-ended.js',
    ' || clock.now() >= untilMs',
    '',
  ]),
  mutant(17, 'a gateway does not wait', ['services/gateway/dist/run/until-ended.js', 'clock.now() >= untilMs', 'true']),
  mutant(17, 'a result that lies elsewhere is not fetched', [
    'services/gateway/dist/run/results.js',
    'at = await this.fetch(at.place, at.callId);',
    'return undefined;',
  ]),
];
