import { parseSealingKeys, type SealingKey } from '@tollgate/sealing';
import { DEFAULT_PLANS, Plans } from '@tollgate/events';
import { z } from 'zod';
import { parseFaults } from './faults.js';
import { readPlans } from './plan-table.js';
import { readSecretFile } from './secret-file.js';
import { parsedBy, settingDescriptions, urlOf, wholeNumber } from './setting-types.js';
import { SettingsError } from './settings-error.js';

/** Every setting of every service. An empty variable counts as one that is not set. */
export const settingsSchema = z.object({
  natsUrl: urlOf(/^(nats|tls)$/).register(settingDescriptions, {
    variable: 'NATS_URL',
    description:
      'The NATS server with JetStream, credentials included. The journals on it are the truth: back them up.',
    expected: 'a nats:// or tls:// URL',
    secret: true,
  }),
  redisUrl: urlOf(/^rediss?$/).register(settingDescriptions, {
    variable: 'REDIS_URL',
    description: 'Redis, for what is asked often and now. It may be wiped at any time.',
    expected: 'a redis:// or rediss:// URL',
    secret: true,
  }),
  databaseUrl: urlOf(/^postgres(ql)?$/).register(settingDescriptions, {
    variable: 'DATABASE_URL',
    description: 'Postgres, for the record: runs, events, rollups. The audit service migrates it.',
    expected: 'a postgres:// URL',
    secret: true,
  }),
  host: z.string().default('127.0.0.1').register(settingDescriptions, {
    variable: 'HOST',
    description: 'The address on which the gateway and the health servers listen. `0.0.0.0` in containers.',
    expected: 'an address of this machine',
  }),
  port: wholeNumber(0, 65_535).default(8080).register(settingDescriptions, {
    variable: 'PORT',
    description: 'The port of the API; 0 takes a free one.',
    expected: 'a whole number from 0 to 65535',
  }),
  healthPort: wholeNumber(0, 65_535).optional().register(settingDescriptions, {
    variable: 'TOLLGATE_HEALTH_PORT',
    description:
      'The port of `/healthz`, `/readyz` and `/metricsz` of this process; without it only the gateway serves them, on `PORT`.',
    expected: 'a whole number from 0 to 65535',
  }),
  adminKey: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/)
    .optional()
    .register(settingDescriptions, {
      variable: 'TOLLGATE_ADMIN_KEY',
      description: 'The first admin key of the default tenant, for scripts and containers. Only its hash is stored.',
      expected: '16 to 256 visible ASCII characters',
      secret: true,
    }),
  sealing: z.enum(['on', 'off']).default('on').register(settingDescriptions, {
    variable: 'TOLLGATE_SEALING',
    description: '`off` leaves arguments and results readable in the journals: for tests and debugging only.',
    expected: 'on or off',
  }),
  sealingKeys: parsedBy(parseSealingKeys)
    .optional()
    .register(settingDescriptions, {
      variable: 'TOLLGATE_SEALING_KEYS',
      description:
        'The keys that seal arguments, results and tool secrets, `id:base64(32 bytes)` each, separated by commas. The first seals, all open; ' +
        'to rotate, put a new one in front. The last is the root of the keyed hashes (`args_hash`). Without a key what it sealed is lost.',
      expected: 'id:base64(32 bytes), or several separated by commas, with different ids',
      secret: true,
    }),
  sealingKeyFile: z.string().optional().register(settingDescriptions, {
    variable: 'TOLLGATE_SEALING_KEY_FILE',
    description:
      'A file with the same, one per line, that only its owner may read (mode 0600). Not read when TOLLGATE_SEALING_KEYS is set.',
    expected: 'the path of a file',
  }),
  partitions: wholeNumber(1, 16).default(1).register(settingDescriptions, {
    variable: 'TOLLGATE_PARTITIONS',
    description:
      'Journals per stage; a tenant lives in one. Set when the journals are made, the same for all services.',
    expected: 'a whole number from 1 to 16',
  }),
  replicas: wholeNumber(1, 5).default(1).register(settingDescriptions, {
    variable: 'TOLLGATE_REPLICAS',
    description: 'Copies of each journal; 3 on a NATS cluster survive the loss of a machine.',
    expected: 'a whole number from 1 to 5',
  }),
  toolAddresses: z.enum(['public', 'loopback', 'any']).default('public').register(settingDescriptions, {
    variable: 'TOLLGATE_TOOL_ADDRESSES',
    description:
      'Where tools may live: `public` is globally routable addresses only, `loopback` adds this machine, `any` adds private networks.',
    expected: 'public, loopback or any',
  }),
  waitLimitMs: wholeNumber(100, 600_000).default(30_000).register(settingDescriptions, {
    variable: 'TOLLGATE_WAIT_LIMIT_MS',
    description: 'How long a request waits for its call before it is answered `in_progress`.',
    expected: 'milliseconds from 100 to 600000',
  }),
  callDeadlineMs: wholeNumber(100, 86_400_000).default(900_000).register(settingDescriptions, {
    variable: 'TOLLGATE_CALL_DEADLINE_MS',
    description: 'After this long nothing of a call is sent any more; lower only in tests.',
    expected: 'milliseconds from 100 to 86400000',
  }),
  maxInFlight: wholeNumber(1, 1_000_000).default(2_000).register(settingDescriptions, {
    variable: 'TOLLGATE_MAX_IN_FLIGHT',
    description: 'Calls that one gateway keeps open; above it, 503 with Retry-After.',
    expected: 'a whole number from 1 to 1000000',
  }),
  maxInFlightPerTenant: wholeNumber(1, 1_000_000).default(500).register(settingDescriptions, {
    variable: 'TOLLGATE_MAX_IN_FLIGHT_PER_TENANT',
    description: 'The same for one tenant, so that a loud one leaves room for the others.',
    expected: 'a whole number from 1 to 1000000',
  }),
  rateLimitPerSecond: wholeNumber(1, 1_000_000)
    .optional()
    .register(settingDescriptions, {
      variable: 'TOLLGATE_RATE_LIMIT_PER_SECOND',
      description:
        'Requests that one API key may make in a second: so many at once, then as many each second. Above it, 429 with Retry-After. ' +
        'Without it there is no limit.',
      expected: 'a whole number from 1 to 1000000',
    }),
  rateLimitPerMinute: wholeNumber(1, 1_000_000).optional().register(settingDescriptions, {
    variable: 'TOLLGATE_RATE_LIMIT_PER_MINUTE',
    description: 'The same for a minute; with both set, both hold.',
    expected: 'a whole number from 1 to 1000000',
  }),
  toolConcurrency: wholeNumber(1, 100_000).default(64).register(settingDescriptions, {
    variable: 'TOLLGATE_TOOL_CONCURRENCY',
    description: 'Requests that run at one tool at once; the others wait in the journal.',
    expected: 'a whole number from 1 to 100000',
  }),
  tenantConcurrency: wholeNumber(1, 100_000).default(256).register(settingDescriptions, {
    variable: 'TOLLGATE_TENANT_CONCURRENCY',
    description: 'Requests that run for one tenant at once, over all its tools.',
    expected: 'a whole number from 1 to 100000',
  }),
  noPolicyAdmin: z.enum(['allow', 'deny']).default('allow').register(settingDescriptions, {
    variable: 'TOLLGATE_NO_POLICY_ADMIN',
    description:
      'What an admin key may do for an agent without a policy: every registered tool, or none. An agent key may none.',
    expected: 'allow or deny',
  }),
  unknownTools: z.enum(['accept', 'refuse']).default('accept').register(settingDescriptions, {
    variable: 'TOLLGATE_UNKNOWN_TOOLS',
    description:
      'Whether a policy may name tools that are not registered; `refuse` answers it 400 and finds misspellings.',
    expected: 'accept or refuse',
  }),
  plans: parsedBy(readPlans).default(DEFAULT_PLANS).register(settingDescriptions, {
    variable: 'TOLLGATE_PLANS',
    description:
      'The plan table, as the path of a JSON file: a list of plans that replace the built-in ones of the same name, or are added.',
    expected: 'the path of a JSON file with a list of plans (docs/plans.md shows one)',
  }),
  defaultPlan: z.string().min(1).default('unlimited').register(settingDescriptions, {
    variable: 'TOLLGATE_DEFAULT_PLAN',
    description: 'The plan of tenants that have none of their own.',
    expected: 'the name of a plan',
  }),
  upgradeUrl: urlOf(/^https?$/)
    .optional()
    .register(settingDescriptions, {
      variable: 'TOLLGATE_UPGRADE_URL',
      description: 'Where a tenant that has used up its credits is sent: `upgrade_url` of the 402.',
      expected: 'an http:// or https:// URL',
    }),
  duplicates: z.enum(['ok', 'conflict']).default('ok').register(settingDescriptions, {
    variable: 'TOLLGATE_CHECK_LOCK_DUPLICATES',
    description: 'How check-lock answers a duplicate: 200 with `success: false`, or 409 for `conflict`.',
    expected: 'ok or conflict',
  }),
  lockOutage: z
    .enum(['503', '429'])
    .default('503')
    .transform((text) => (text === '429' ? 429 : 503))
    .register(settingDescriptions, {
      variable: 'TOLLGATE_CHECK_LOCK_OUTAGE',
      description:
        'How check-lock answers when the journals are out of reach. SDKs read a 503 as "go ahead" by default; 429 makes them wait. ' +
        'Overload is 429 there in any case.',
      expected: '503 or 429',
    }),
  logRetentionDays: wholeNumber(1, 3_650)
    .default(7)
    .register(settingDescriptions, {
      variable: 'TOLLGATE_LOG_RETENTION_DAYS',
      description:
        'How far back the decision logs of agents are answered. Calls, timelines and events older than that are dropped from Postgres, ' +
        'a day or a partition later; calls in doubt stay, and calls as such a week at least, because metrics count them.',
      expected: 'days from 1 to 3650',
    }),
  rollupRetentionDays: wholeNumber(8, 36_500).default(400).register(settingDescriptions, {
    variable: 'TOLLGATE_ROLLUP_RETENTION_DAYS',
    description: 'How long the hourly counts of each agent and tool are kept, which metrics are made of.',
    expected: 'days from 8 to 36500',
  }),
  journalRetentionDays: wholeNumber(2, 3_650)
    .default(8)
    .register(settingDescriptions, {
      variable: 'TOLLGATE_JOURNAL_RETENTION_DAYS',
      description:
        'How long the journals on NATS keep everything; what still holds after it is journaled again. Projections can be built anew ' +
        'from the journals so far back.',
      expected: 'days from 2 to 3650',
    }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').register(settingDescriptions, {
    variable: 'LOG_LEVEL',
    description: 'The least that is logged, as JSON lines on the standard output.',
    expected: 'debug, info, warn, error or silent',
  }),
  faults: parsedBy(parseFaults).default([]).register(settingDescriptions, {
    variable: 'TOLLGATE_FAULTS',
    description: 'For tests only: fault points to arm, `name[:nth]=kill|stop|throw|delay<ms>`, separated by commas.',
    expected: 'name[:nth]=kill|stop|throw|delay<ms>, separated by commas',
  }),
});

export type Settings = Readonly<Omit<z.output<typeof settingsSchema>, 'sealingKeys' | 'plans' | 'defaultPlan'>> & {
  readonly plans: Plans;
  /** From the variable or the file; at least one. */
  readonly sealingKeys: readonly SealingKey[];
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of this process. Only this reads the environment, once.
 *
 * @throws SettingsError naming every variable that is missing or wrong and what it should be, never its value.
 */
export function loadSettings(environment: Environment = process.env): Settings {
  const values = valuesFrom(environment);
  const parsed = settingsSchema.safeParse(values);
  const keys = values['sealingKeys'] === undefined ? keysFromFile(values['sealingKeyFile']) : [];
  const plans = parsed.success ? plansOf(parsed.data) : '';
  const complaints = [
    ...(parsed.success ? [] : complaintsOf(parsed.error, values)),
    ...[keys, plans].filter((one) => typeof one === 'string' && one !== ''),
  ] as readonly string[];
  if (!parsed.success || typeof plans === 'string' || complaints.length > 0) throw new SettingsError(complaints);
  const { defaultPlan: _defaultPlan, ...rest } = parsed.data;
  return { ...rest, plans, sealingKeys: parsed.data.sealingKeys ?? keysIn(keys) };
}

/** The environment variable of a setting, for those who start processes with it. */
export function variableOf(setting: keyof typeof settingsSchema.shape): string {
  return descriptionOf(setting).variable;
}

export function descriptionOf(setting: keyof typeof settingsSchema.shape) {
  const description = settingDescriptions.get(settingsSchema.shape[setting]);
  if (description === undefined) throw new Error(`the setting ${setting} has no description`);
  return description;
}

export const settingNames = Object.keys(settingsSchema.shape) as readonly (keyof typeof settingsSchema.shape)[];

function valuesFrom(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = environment[variableOf(name)]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function complaintsOf(error: z.ZodError, values: Readonly<Record<string, string>>): readonly string[] {
  const wrong = new Set(error.issues.map(({ path }) => path[0] as keyof typeof settingsSchema.shape));
  return [...wrong].map((name) => {
    const { variable, expected } = descriptionOf(name);
    return `${variable} must be ${expected}; it is ${values[name] === undefined ? 'not set' : 'something else'}`;
  });
}

/** The keys of the file, or what is wrong with it as a complaint among the others. */
function keysFromFile(path: string | undefined): readonly SealingKey[] | string {
  if (path === undefined) {
    return 'TOLLGATE_SEALING_KEYS or TOLLGATE_SEALING_KEY_FILE must be set; make a key: echo "k1:$(openssl rand -base64 32)"';
  }
  try {
    return parseSealingKeys(readSecretFile(path));
  } catch (error) {
    return `TOLLGATE_SEALING_KEY_FILE must name a file of sealing keys: ${(error as Error).message}`;
  }
}

/** The table, or what is wrong with it as a complaint among the others. */
function plansOf({ plans, defaultPlan }: z.output<typeof settingsSchema>): Plans | string {
  const names = plans.map(({ name }) => name);
  if (names.includes(defaultPlan)) return new Plans(plans, defaultPlan);
  return `TOLLGATE_DEFAULT_PLAN must be one of ${names.join(', ')}; it is something else`;
}

function keysIn(keys: readonly SealingKey[] | string): readonly SealingKey[] {
  return typeof keys === 'string' ? [] : keys;
}
