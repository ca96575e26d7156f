import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseOf, serverOf } from './server.js';

const NOTHING = { url: undefined, 'key-file': undefined, wait: undefined };
const ENV = { TOLLGATE_URL: 'http://one:8080', TOLLGATE_API_KEY: 'tg_live_env' };

describe('the server of a command', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-cli-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const keyFile = (content: string) => {
    writeFileSync(join(folder, 'key'), content);
    return join(folder, 'key');
  };

  it('is that of the environment, and waited for half a minute', () => {
    expect(serverOf(NOTHING, ENV)).toEqual({ base: 'http://one:8080', key: 'tg_live_env', waitMs: 30_000 });
  });

  it('is that of the options before', () => {
    const options = { url: 'https://two', 'key-file': keyFile('tg_live_file\n'), wait: 0 };
    expect(serverOf(options, ENV)).toEqual({ base: 'https://two', key: 'tg_live_file', waitMs: 0 });
  });

  it.each([
    ['http://h:8080', 'http://h:8080'],
    ['http://h:8080/', 'http://h:8080'],
    ['https://h/v1', 'https://h'],
    ['https://h/v1/', 'https://h'],
    ['https://h/tollgate/v1', 'https://h/tollgate'],
    ['https://h/tollgate', 'https://h/tollgate'],
  ])('%s is %s', (url, base) => {
    expect(baseOf(url)).toBe(base);
  });

  it.each([
    [undefined, 'no server: set TOLLGATE_URL'],
    ['localhost:8080', 'no http or https URL'],
    ['ftp://h', 'no http or https URL'],
    ['http://u:p@h', 'holds a password'],
  ])('%s is refused', (url, message) => {
    expect(() => baseOf(url)).toThrow(message);
  });

  it('says which key is missing, and repeats none that is broken', () => {
    expect(() => serverOf(NOTHING, { TOLLGATE_URL: 'http://h' })).toThrow('no API key: set TOLLGATE_API_KEY');
    expect(() => serverOf({ ...NOTHING, 'key-file': '/nowhere' }, ENV)).toThrow('/nowhere cannot be read');
    const broken = () => serverOf({ ...NOTHING, 'key-file': keyFile('tg_live_a\ntg_live_b') }, ENV);
    expect(broken).toThrow('not one line of visible characters');
    expect(broken).not.toThrow('tg_live');
  });
});
