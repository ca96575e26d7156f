import { parseOptions } from './options.js';

describe('the options of the demo', () => {
  it('play with policies, through a server of its own, when nothing is said', () => {
    expect(parseOptions([], 'a-key-of-the-shell')).toEqual({ help: false, withPolicy: true, server: undefined });
  });

  it('take the policies away', () => {
    expect(parseOptions(['--without-policy'], undefined).withPolicy).toBe(false);
  });

  it('name a running server, whose admin key may come from the environment', () => {
    const server = { url: 'http://127.0.0.1:8080', adminKey: 'k' };
    expect(parseOptions(['--url', 'http://127.0.0.1:8080/', '--admin-key', 'k'], 'other').server).toEqual(server);
    expect(parseOptions(['--url', 'http://127.0.0.1:8080'], 'k').server).toEqual(server);
  });

  it.each([
    [['--url', 'http://127.0.0.1:8080'], /--admin-key/],
    [['--url', 'here', '--admin-key', 'k'], /not an address/],
    [['--admin-key', 'k'], /goes with --url/],
    [['--no-such-thing'], /no-such-thing/],
  ])('%j are refused with the reason', (args, reason) => {
    expect(() => parseOptions(args, undefined)).toThrow(reason);
  });
});
