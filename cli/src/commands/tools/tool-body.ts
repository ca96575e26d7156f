import { flag, oneOf, text, whole, type Values } from '../../command/option.js';
import type { Document } from '../../input/document.js';
import { UsageError } from '../../usage-error.js';
import { SCOPE } from './scope.js';

export const TOOL_OPTIONS = {
  endpoint: text('<url>', 'where calls are sent'),
  'secret-file': text('<file>', 'what Tollgate signs with, 8 characters or more; - for standard input'),
  'overlap-sec': whole('<sec>', 'with another secret: how long both sign (86400); 0 ends an overlap'),
  ...SCOPE,
  'on-unknown': oneOf(['hold', 'retry', 'reconcile', 'fail'], 'when nobody knows whether it acted (hold)'),
  'reconcile-url': text('<url>', 'where the tool is asked what became of a call, for --on-unknown reconcile'),
  'dedup-window-sec': whole('<sec>', 'how long a repeat is not executed again (86400); 0 for reads'),
  'timeout-ms': whole('<ms>', 'how long it may take to answer (15000)'),
  'max-retries': whole('<n>', 'how often a call is sent again that did not reach it (2)'),
  'server-error-is': oneOf(['failed', 'unknown'], 'what a 500 of the tool means (failed)'),
  'run-id-is-argument': flag('its argument run_id is an argument like others'),
  description: text('<text>', 'for people'),
  from: text('<file>', 'all of it as YAML or JSON, as the API takes it; options go over it'),
};

type Given = Values<typeof TOOL_OPTIONS>;

/** `POST /tools`; what is not given keeps the value that the tool has. */
export function toolBody(name: string, given: Given, file: Document, secret: string | undefined): Document {
  if (secret === undefined && given['overlap-sec'] !== undefined) {
    throw new UsageError('--overlap-sec goes with --secret-file');
  }
  const auth = secret === undefined ? {} : { auth: authOf(secret, given['overlap-sec']) };
  return { ...file, name, ...present(given), ...auth };
}

const authOf = (secret: string, overlap_sec: number | undefined): object => ({
  type: 'hmac_sha256',
  secret,
  ...(overlap_sec === undefined ? {} : { overlap_sec }),
});

const present = (given: Given): Document =>
  withoutUndefined({
    url: given.endpoint,
    scope_id: given.scope,
    on_unknown: given['on-unknown'],
    reconcile_url: given['reconcile-url'],
    dedup_window_sec: given['dedup-window-sec'],
    timeout_ms: given['timeout-ms'],
    max_retries: given['max-retries'],
    server_error_is: given['server-error-is'],
    run_id_is_argument: given['run-id-is-argument'] ? true : undefined,
    description: given.description,
  });

const withoutUndefined = (members: Document): Document =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
