import fc from 'fast-check';
import {
  answerSubject,
  appliedSubject,
  callsStream,
  callsSubject,
  configSubject,
  decisionSubject,
  journalStream,
  journalSubject,
  ownerSubject,
  subjectToken,
} from './names.js';

/** Text of any kind, and of those kinds that mean something in a subject. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('.', '*', '>', ' ', '=', '-', '_', 'A', 'é', '\t'), minLength: 1 }),
);

describe('free text as one token of a subject', () => {
  it.each([
    ['plain-Name_7', 'plain-Name_7'],
    ['a.b', 'a=2Eb'],
    ['* >', '=2A=20=3E'],
    ['=2E', '=3D2E'],
    ['é', '=C3=A9'],
    ['\n', '=0A'],
  ])('%j is %s', (plain, token) => {
    expect(subjectToken(plain)).toBe(token);
  });

  it('can neither widen nor split a subject', () => {
    fc.assert(fc.property(text, (plain) => expect(subjectToken(plain)).toMatch(/^[A-Za-z0-9_=-]+$/)));
  });

  it('is never that of another text', () => {
    fc.assert(fc.property(text, text, (one, other) => (subjectToken(one) === subjectToken(other)) === (one === other)));
  });
});

describe('the subjects', () => {
  it('of decisions are those of the contract', () => {
    expect(decisionSubject('acme', 'executed', 'billing bot')).toBe('tollgate.v1.decision.acme.executed.billing=20bot');
  });

  it('of configured things are one for each, of one length however long their ids', () => {
    const long = configSubject('acme', 'tool', 'x'.repeat(500));
    expect(long).toHaveLength(configSubject('acme', 'tool', 'y').length);
    const all = [
      long,
      configSubject('acme', 'tool', 'y'),
      configSubject('acme', 'policy', 'y'),
      configSubject('globex', 'tool', 'y'),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it('and streams keep partitions, journals and readers apart', () => {
    expect([callsStream(0), journalStream('dispatch', 3)]).toEqual(['CALLS-0', 'DISPATCH-3']);
    const all = [
      callsSubject(0, 'policy'),
      callsSubject(0, 'dispatcher'),
      callsSubject(1, 'policy'),
      journalSubject('policy', 0),
      journalSubject('policy', 1),
      ownerSubject('policy', 0),
      appliedSubject('policy', 0),
      answerSubject('policy'),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(callsSubject(2, 'lease')).toBe('tollgate.calls.2.lease');
  });
});
