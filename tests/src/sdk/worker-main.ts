/*
 * A worker as a process of its own, so that it can be killed in the middle of its work:
 *   node worker-main.js <base URL> <key> <task> <where its work tells that it has begun>
 */
import { OnceOnly } from './once-only.js';

const [base = '', key = '', task = '', work = ''] = process.argv.slice(2);

async function neverEnds(): Promise<object> {
  await fetch(work, { method: 'POST', body: JSON.stringify({ task }) });
  return new Promise(() => undefined);
}

await new OnceOnly(key, base).ai.runFn(task, neverEnds, { ttl: 4, extendEvery: 1 });
