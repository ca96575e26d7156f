import { stripVTControlCharacters } from 'node:util';
import { table, verdictLines } from './report.js';
import { claim } from './story.js';
import type { Claim, Story } from './story.js';

const story = (title: string, ...claims: readonly Claim[]): Story => ({
  title,
  plot: '',
  figures: [],
  claims,
  runId: 'run',
  toolCalls: 0,
});

const verdict = (...stories: readonly Story[]): readonly string[] =>
  verdictLines(stories).map(stripVTControlCharacters);

describe('the report of the demo', () => {
  it('puts both sides beside each other', () => {
    const lines = table([
      { what: 'charges', direct: '2', governed: '1' },
      { what: 'taken from the customer', direct: '$240.00', governed: '$120.00' },
    ]);
    expect(lines).toEqual([
      '                          directly   through Tollgate',
      '─────────────────────────────────────────────────────',
      'charges                          2                  1',
      'taken from the customer    $240.00            $120.00',
    ]);
  });

  it('says that all claims hold', () => {
    expect(verdict(story('A charge', claim('once', 1, 1)))).toEqual(['', 'All 1 claims hold.']);
  });

  it('says which claims fell, with what was seen instead', () => {
    const loop = story(
      'A loop',
      claim('stops at the cap', '$20.00', '$480.00'),
      claim('is refused', 'blocked', undefined),
    );
    expect(verdict(story('A charge', claim('once', 1, 1)), loop)).toEqual([
      '',
      '2 of 3 claims fell:',
      '   A loop',
      '      ✗ stops at the cap: no, $480.00 instead of $20.00',
      '      ✗ is refused: no, nothing instead of blocked',
    ]);
  });
});
