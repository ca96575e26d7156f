import { mutant, type Mutant } from './mutant.js';

const DECISION = 'libs/stage/dist/decision.js';
const PARK = "const drafts = park(input, 'decision_failed', event.type, turn, definition);";

/** What becomes of inputs that a stage cannot take (rule 14). */
export const POISON_MUTANTS: readonly Mutant[] = [
  mutant(14, 'what cannot be decoded stops its stage', [
    DECISION,
    "if (event.code === 'unknown_version')",
    'if (true)',
  ]),
  mutant(14, 'what cannot be decoded is passed by without a word', [
    DECISION,
    'return { drafts: park(input, event.code, event.inputType, turn, definition), parked: event.code };',
    'return { drafts: [] };',
  ]),
  mutant(14, 'a decision that throws stops its stage', [DECISION, PARK, `throw new TypeError('poison'); ${PARK}`]),
  mutant(14, 'a decision that throws is passed by without a word', [DECISION, PARK, 'const drafts = [];']),
  mutant(14, 'a call that was to be taken on and is parked never ends', [DECISION, '|| !takesOn)', '|| true)']),
  mutant(
    14,
    'a parked ending ends its call once more',
    [DECISION, 'inputType === definition.takesOn', 'true'],
    ['services/lease/dist/lease.stage.js', 'isKnown(state, call.callId) ?', 'false ?'],
    ['services/budget/dist/budget.stage.js', '?.reservations.has(call.callId) === true', '?.reservations === null'],
  ),
  mutant(14, 'a parked ending frees its key', [
    'services/lease/dist/lease.state.js',
    "case 'lease-settled':",
    `case 'input-parked': {
            const leaseKey = state.holders.get(event.data.callId);
            if (leaseKey !== undefined)
                settled(state, { leaseKey, callId: event.data.callId, how: { state: 'free' } }, event.at);
            break;
        }
        case 'lease-settled':`,
  ]),
  mutant(14, 'a parked ending gives its money back', [
    'services/budget/dist/budget.state.js',
    "case 'budget-released':",
    `case 'input-parked':
            for (const use of state.agents.values())
                release(use, event.data.callId, 'all');
            return state;
        case 'budget-released':`,
  ]),
  mutant(
    14,
    'what was parked is parked again by a new owner',
    [
      'libs/stage/dist/owner-loop.js',
      'this.pending.passed(input.source, input.position);',
      'if (!(this.isParked = parked !== undefined)) this.pending.passed(input.source, input.position);',
    ],
    [
      'libs/stage/dist/owner-loop.js',
      'this.passed(next.source, next.end);',
      '{ if (!this.isParked) this.passed(next.source, next.end); this.isParked = false; }',
    ],
  ),
  mutant(14, "an operator's word does not settle what was parked", [
    'services/lease/dist/settle.js',
    'return status.callId === callId;',
    "return status.callId === callId && type !== 'resolved';",
  ]),
];
