import { refusalText } from './refusal-text.js';

describe('what an error says to people (contract section 0)', () => {
  it.each([
    [403, { detail: 'Invalid API key' }, 'Invalid API key (403): unknown, revoked or expired'],
    [404, { detail: { error: 'tool_not_found', message: 'No such tool' } }, 'No such tool: tool_not_found (404)'],
    [
      402,
      { detail: { error: 'payment_required', message: 'No credits', plan: 'free', limit: 3000, upgrade_url: null } },
      'No credits [plan free, limit 3000]: payment_required (402)',
    ],
    [
      422,
      { detail: [{ type: 'missing', loc: ['body', 'auth', 'secret'], msg: 'Field required', input: null }] },
      'not taken (422): auth.secret: Field required',
    ],
    [
      422,
      {
        detail: [
          { loc: ['body'], msg: 'Bad JSON' },
          { loc: ['query', 'limit'], msg: 'Too big' },
        ],
      },
      'Bad JSON; limit: Too big',
    ],
    [308, '', 'a redirect (308): is its address right?'],
    [404, '<html>', 'answers 404, and not as Tollgate does'],
    [500, undefined, 'answers 500'],
  ])('%d %j', (status, body, text) => {
    expect(refusalText(status, body)).toContain(text);
  });

  it('lets nobody move the cursor', () => {
    expect(refusalText(404, { detail: '\u001b[2Jgone' })).toBe('\u{fffd}[2Jgone (404)');
  });
});
