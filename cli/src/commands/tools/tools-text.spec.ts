import { TOOL_OPTIONS, toolBody } from './tool-body.js';
import { windowText } from './tools-text.js';

const nothing = Object.fromEntries(
  Object.entries(TOOL_OPTIONS).map(([name, option]) => [name, option.read(undefined)]),
) as Parameters<typeof toolBody>[1];

describe('a tool', () => {
  it.each([
    [0, 'none'],
    [86_400, '1 d'],
    [7_200, '2 h'],
    [90, '90 s'],
    [120, '2 min'],
  ])('whose window is %d s has %s', (seconds, text) => {
    expect(windowText(seconds)).toBe(text);
  });

  it('is sent with what was given only, so that the rest stays', () => {
    expect(toolBody('charge', nothing, {}, undefined)).toEqual({ name: 'charge' });
    expect(toolBody('charge', { ...nothing, 'max-retries': 0, scope: 'agent:a' }, { url: 'u' }, 'secret-1')).toEqual({
      name: 'charge',
      url: 'u',
      scope_id: 'agent:a',
      max_retries: 0,
      auth: { type: 'hmac_sha256', secret: 'secret-1' },
    });
  });

  it('changes its secret with an overlap, which needs a secret', () => {
    const overlap = { ...nothing, 'overlap-sec': 0 };
    expect(toolBody('charge', overlap, {}, 'secret-2')['auth']).toMatchObject({ secret: 'secret-2', overlap_sec: 0 });
    expect(() => toolBody('charge', overlap, {}, undefined)).toThrow('--overlap-sec goes with --secret-file');
  });
});
