import { parseCommand } from './options.js';

describe('the options of npm start', () => {
  it('start in one process, without traces, unless told otherwise', () => {
    expect(parseCommand([])).toEqual({ does: 'start', processes: false, traces: false, data: undefined });
    expect(parseCommand(['--processes', '--traces'])).toMatchObject({ processes: true, traces: true });
  });

  it('ask before a reset unless told that it is sure', () => {
    expect(parseCommand(['--reset'])).toMatchObject({ does: 'reset', sure: false });
    expect(parseCommand(['--reset', '--yes'])).toMatchObject({ does: 'reset', sure: true });
  });

  it('name the option that does not exist', () => {
    expect(() => parseCommand(['--proceses'])).toThrow('--proceses');
  });
});
