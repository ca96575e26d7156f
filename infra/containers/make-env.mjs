/*
 * node infra/containers/make-env.mjs [file]: makes the .env of docker-compose.yml, with fresh secrets that only its
 * owner may read. It never touches one that is there: without its sealing keys, what they sealed is lost.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** It begins with a letter, because NATS would read one that looks like a number as a number. */
const password = () => `p${randomBytes(24).toString('hex')}`;

function environment() {
  return [
    '# Credentials between the containers.',
    `NATS_PASSWORD=${password()}`,
    `REDIS_PASSWORD=${password()}`,
    `POSTGRES_PASSWORD=${password()}`,
    '# Seals arguments, results and tool secrets. Keep a copy: without it what it sealed is lost.',
    '# To rotate, put a new id:key in front, with a comma.',
    `TOLLGATE_SEALING_KEYS=k1:${randomBytes(32).toString('base64')}`,
    '# The first admin key of the default tenant.',
    `TOLLGATE_ADMIN_KEY=tg_live_${randomBytes(32).toString('base64url')}`,
    '',
  ].join('\n');
}

const file = process.argv[2] ?? fileURLToPath(new URL('../../.env', import.meta.url));
try {
  writeFileSync(file, environment(), { mode: 0o600, flag: 'wx' });
  console.log(`made ${file}`);
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  console.error(`${file} is there already and stays as it is`);
  process.exitCode = 1;
}
