import { orFine, type Check, type Finding } from '../finding.js';

const LOCAL = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether somebody between may read the key and what is sent with it. */
export const transport: Check = ({ base }) => {
  const check = 'transport';
  const { protocol, hostname } = new URL(base);
  if (protocol === 'https:') return [{ check, level: 'ok', what: 'https' }];
  if (LOCAL.test(hostname)) return [{ check, level: 'ok', what: 'http, on this machine only' }];
  const mend = 'put TLS in front of the gateway, and use an https address';
  return [{ check, level: 'mend', what: `keys and arguments go to ${hostname} in the clear`, mend }];
};

export const readiness: Check = ({ readiness: said }) => {
  const check = 'server';
  if (said === undefined) return [{ check, level: 'note', what: '/readyz cannot be reached at this address' }];
  const found: Finding[] = said.missing.map((name) => ({
    check,
    level: 'mend',
    what: `${said.ready ? 'degraded' : 'not ready'}: ${name} is missing`,
    mend: 'docs/operations.md, "When something is away"',
  }));
  return orFine(found, { check, level: 'ok', what: 'ready, with everything that it needs' });
};

/** Enough that one machine may lose power and another still has it. */
const SAFE_REPLICAS = 3;

export const durability: Check = ({ replicas }) => {
  const check = 'durability';
  if (replicas === undefined)
    return [{ check, level: 'note', what: 'the server does not say how many copies it keeps' }];
  if (replicas >= SAFE_REPLICAS) return [{ check, level: 'ok', what: `every journal has ${replicas} copies` }];
  const copies = replicas === 1 ? 'one copy' : `${replicas} copies`;
  const what = `${copies} of each journal: a power cut may take the last two minutes, unless NATS has sync_interval: always`;
  return [{ check, level: 'note', what, mend: 'docs/operations.md, "What an acknowledgement means"' }];
};
