import { lookup } from 'node:dns/promises';
import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { addressAllowed, literalAddressOf, type AddressRule } from '@tollgate/events';

export type ConnectFailure = 'connect_failed' | 'address_refused' | 'tls_failed';
export type Connected = { ok: true; socket: Socket } | { ok: false; code: ConnectFailure };

export interface ConnectOptions {
  readonly addresses: AddressRule;
  readonly secureContext: SecureContext;
}

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Before the next address of a name is tried, ms; the last one has all the time that is left. */
const NEXT_ADDRESS_MS = 500;

/** Name, address check, connection and TLS, in `timeoutMs` altogether. Nothing of a request has been sent after it. */
export async function connect(url: URL, options: ConnectOptions, timeoutMs: number): Promise<Connected> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const addresses = await Promise.race([addressesOf(url), aborted(timeout.signal)]);
    if (addresses.length === 0) return { ok: false, code: 'connect_failed' };
    const allowed = addresses.filter(({ address }) => addressAllowed(address, options.addresses));
    if (allowed.length === 0) return { ok: false, code: 'address_refused' };
    return await open(url, allowed, options.secureContext, timeout.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Every address of the host; none for a name that nobody knows. */
async function addressesOf(url: URL): Promise<Address[]> {
  const literal = literalAddressOf(url);
  if (literal !== undefined) return [{ address: literal, family: literal.includes(':') ? 6 : 4 }];
  return lookup(url.hostname, { all: true, order: 'verbatim' }).catch(() => []);
}

const aborted = (signal: AbortSignal): Promise<Address[]> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve([]), { once: true }));

function open(
  url: URL,
  addresses: readonly Address[],
  context: SecureContext,
  signal: AbortSignal,
): Promise<Connected> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const socket = secure ? openTls(url, addresses, context) : connectTcp(destination(url, addresses));
    let code: ConnectFailure = 'connect_failed';
    const fail = (): void => {
      socket.destroy();
      resolve({ ok: false, code });
    };
    // Left in place: a late error of a socket that was given up must not end the process.
    socket.on('error', fail);
    socket.once('close', fail);
    signal.addEventListener('abort', fail, { once: true });
    if (secure) socket.once('connect', () => (code = 'tls_failed'));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', fail);
      resolve({ ok: true, socket });
    });
  });
}

/** Connects to the addresses that were checked and to no other, whatever the name says by now. */
function destination(url: URL, addresses: readonly Address[]) {
  return {
    host: hostOf(url),
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    lookup: answering(addresses),
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
  };
}

const answering =
  (addresses: readonly Address[]): LookupFunction =>
  (_name, options, done) => {
    const [first] = addresses;
    process.nextTick(() =>
      options.all ? done(null, [...addresses]) : done(null, first?.address ?? '', first?.family),
    );
  };

function openTls(url: URL, addresses: readonly Address[], secureContext: SecureContext): Socket {
  const isName = literalAddressOf(url) === undefined;
  return connectTls({
    ...destination(url, addresses),
    ...(isName ? { servername: hostOf(url) } : {}),
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // Said here because the environment (NODE_TLS_REJECT_UNAUTHORIZED) could say otherwise.
    rejectUnauthorized: true,
  });
}

/** Without the brackets of IPv6, and without the dot that ends an absolute name and is in no certificate. */
const hostOf = (url: URL): string => literalAddressOf(url) ?? url.hostname.replace(/\.$/, '');
