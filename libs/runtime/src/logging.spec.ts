import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createLogger } from './logging.js';
import { NestLogger } from './nest-logger.js';

function recorded() {
  const lines: string[] = [];
  const destination = {
    write: (line: string) => {
      lines.push(line);
    },
  };
  const logger = createLogger({ level: 'debug', fields: { service: 'lease', instance: 'i1' }, destination });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

function parserError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

describe('a log line', () => {
  it('is JSON with the service, the instance, the time and the fields', () => {
    const { logger, last } = recorded();
    logger.child({ partition: 2 }).info('took over', { call_id: 'call_1', run_id: 'run' });
    expect(last()).toMatchObject({
      level: 'info',
      service: 'lease',
      instance: 'i1',
      partition: 2,
      call_id: 'call_1',
      run_id: 'run',
      msg: 'took over',
    });
    expect(last()['time']).toMatch(/^\d{4}-.*Z$/);
  });

  it('tells kind, code and place of an error, and nothing that it quotes', () => {
    const { logger, lines, last } = recorded();
    const inner = new Error('canary-b\n    at canary-c (file.js:1:1)');
    const error = Object.assign(new TypeError('canary-a', { cause: inner }), { code: 'bad_thing', detail: 'canary-d' });
    logger.error('failed', {}, error);
    logger.error('failed', {}, parserError('{"canary-e": oops}'));
    logger.warn('failed', {}, 'canary-f');
    expect(lines.join()).not.toContain('canary');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { error: 'TypeError', code: 'bad_thing', cause: { error: 'Error' } },
    });
    expect(JSON.stringify(JSON.parse(lines[0] ?? ''))).toContain('logging.spec.');
    expect(last()).toMatchObject({ err: { error: 'string' } });
  });

  it('keeps the message of a system error, which says where something is out of reach', async () => {
    const { logger, last } = recorded();
    const error = await new Promise((resolve) => connect(1, '127.0.0.1').once('error', resolve));
    logger.error('failed', {}, error);
    expect(last()).toMatchObject({ err: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' } });
  });
});

describe("Nest's logger", () => {
  it('keeps the context of an error and leaves out the text of what was thrown', () => {
    const { logger, lines, last } = recorded();
    const nest = new NestLogger(logger);
    nest.error('canary', 'Error: canary\n    at x', 'ExceptionsHandler');
    expect(last()).toMatchObject({ level: 'error', context: 'ExceptionsHandler' });
    nest.error(new Error('canary'), 'ExceptionsHandler');
    nest.warn('canary', 'Router');
    expect(lines.join()).not.toContain('canary');
    nest.log('Mapped {/v1/me, GET}', 'RouterExplorer');
    expect(last()).toMatchObject({ level: 'debug', message: 'Mapped {/v1/me, GET}' });
  });
});

describe('a process that logs', () => {
  const module = JSON.stringify(new URL('logging.js', import.meta.url).href);
  const run = (body: string) => {
    const script = `const { createLogger } = await import(${module}); const log = createLogger({ level: 'info' }); ${body}`;
    return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const exit = (child: ReturnType<typeof run>) =>
    new Promise<number | null>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code);
      });
    });

  it('has written everything when it exits', async () => {
    const child = run(`for (let n = 0; n < 50; n++) log.info('line', { n }); process.exit(0);`);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await new Promise((resolve) => child.stdout.once('end', resolve));
    expect(text.trim().split('\n')).toHaveLength(50);
  });

  it('ends although nobody reads its lines any more', async () => {
    const child = run(
      `setTimeout(() => { log.error('one'); log.error('two'); log.error('three'); process.exit(3); }, 300);`,
    );
    child.stdout.destroy();
    expect(await exit(child)).toBe(3);
  });
});
