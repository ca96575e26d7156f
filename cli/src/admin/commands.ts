import { listParked } from './parked.js';
import { listPartitions } from './partitions.js';
import { listProjections, rebuildProjection } from './projections.js';
import { settleParked } from './settle-parked.js';
import { listKeys } from './sealing/list-keys.js';
import { reseal } from './sealing/reseal.js';
import { rotate } from './sealing/rotate.js';
import { changeEmail, changePlan, createKey, createTenant, listTenants } from './tenants.js';

export interface AdminOptions {
  readonly name: string;
  readonly plan: string | undefined;
  readonly note: string | undefined;
  readonly all: boolean;
}

export type AdminAnswer = object | readonly object[];

/** A command as its help shows it. */
export interface AdminCommand {
  /** What stands behind the two words, as in `<tenant id>`, or one of several words, as in `postgres|redis`. */
  readonly takes: readonly string[];
  readonly says: string;
  /** Options of its own, as `--plan <plan>   what it is`. */
  readonly options?: readonly string[];
  readonly more?: string;
  /** What stands behind `npx tollgate admin`. */
  readonly examples: readonly [string, ...string[]];
  readonly run: (args: readonly string[], options: AdminOptions) => Promise<AdminAnswer>;
}

const IN_FORCE = `\`in_force\` is false where a stage of the installation did not answer within ten seconds: the key is made,
and may be refused (403) until that stage runs.`;

/** Every command of `tollgate admin`, by its two words. */
export const COMMANDS: Readonly<Record<string, AdminCommand>> = {
  'tenant create': {
    takes: ['<name>'],
    says: 'a new tenant and its first admin key (shown once)',
    options: ["--plan <plan>   plan of the new tenant (default: the installation's)"],
    more: IN_FORCE,
    examples: ['tenant create acme', 'tenant create acme --plan starter --json'],
    run: ([name = ''], { plan }) => createTenant(name, plan),
  },
  'tenant plan': {
    takes: ['<tenant id>', '<plan>'],
    says: 'another plan for a tenant, in force when this is done',
    examples: ['tenant plan tenant_8Kd1 pro'],
    run: ([tenant = '', plan = '']) => changePlan(tenant, plan),
  },
  'tenant email': {
    takes: ['<tenant id>', '<address>'],
    says: 'where a tenant is written to: `email` of GET /v1/me',
    more: 'It is stored for whoever runs the installation; Tollgate sends no mail. `none` takes it away.',
    examples: ['tenant email tenant_8Kd1 ops@example.com', 'tenant email tenant_8Kd1 none'],
    run: ([tenant = '', address = '']) => changeEmail(tenant, address),
  },
  'tenant list': {
    takes: [],
    says: 'every tenant, with its plan and email',
    examples: ['tenant list', 'tenant list --json'],
    run: () => listTenants(),
  },
  'key create': {
    takes: ['<tenant id>'],
    says: 'one more admin key for a tenant (shown once)',
    options: ['--name <text>   name of the new key (default: admin)'],
    more: `The way back in when the last key of a tenant is lost. ${IN_FORCE}`,
    examples: ['key create default', 'key create tenant_8Kd1 --name deploy'],
    run: ([tenant = ''], { name }) => createKey(tenant, name),
  },
  'parked list': {
    takes: [],
    says: 'inputs that a stage could not decide, and why',
    options: ['--all           also those that somebody has settled'],
    more: `Never their text. An input that begins a call has ended it (failed, internal_error) and holds nothing. One that ends
a call leaves its key and its money held at the stage that could not read it, until it is settled.`,
    examples: ['parked list', 'parked list --all --json'],
    run: (_args, { all }) => listParked(all),
  },
  'parked settle': {
    takes: ['<id>', 'executed|failed|nothing'],
    says: 'what became of a parked input: what is held for it is let go',
    options: ['--note <text>   why, for the record'],
    more: `Look at the tool first: what it did is what counts.

executed  its call was done: the key deduplicates for its window (without a result), money and counts stay
failed    its call was not done: key, money and counts are given back
          (either way a job that waits for it goes on by that)
nothing   it held nothing, or all of it is settled otherwise: it is off the list

A call in doubt is resolved by its tenant as ever: POST /v1/calls/{call_id}/resolve.`,
    examples: [
      'parked settle lease:DISPATCH-0:412:3 executed --note "the invoice is there"',
      'parked settle policy:CALLS-0:9:0 nothing',
    ],
    run: ([id = '', says], { note }) =>
      settleParked(id, says === 'executed' || says === 'failed' ? says : 'nothing', note),
  },
  'partitions list': {
    takes: [],
    says: 'who owns each partition of each stage, and its journal',
    more: `owned     its owner beats
silent    its owner has said nothing for a while: a standby takes over, if there is one
released  its owner has stopped in order
nobody    no process of this stage has run yet

It takes some seconds, so that an owner that lives is heard. \`owner\` is the \`instance\` of that process's log lines.`,
    examples: ['partitions list', 'partitions list --json'],
    run: () => listPartitions(),
  },
  'sealing list': {
    takes: [],
    says: 'sealing keys: what each has sealed, and which may go',
    more: `Reads every journal: on a large installation it takes minutes. A key may go when nothing is sealed with it any more
and it is neither the first, which seals, nor the last, the root of the keyed hashes (\`args_hash\`, deduplication).
It sees the list of the services in TOLLGATE_SEALING_KEYS or TOLLGATE_SEALING_KEY_FILE, or the one of \`npm start\`.`,
    examples: ['sealing list', 'sealing list --json'],
    run: () => listKeys(),
  },
  'sealing rotate': {
    takes: [],
    says: 'a new key in front of the list, and what to do then',
    more: `Into the file that TOLLGATE_SEALING_KEY_FILE names, or that of \`npm start\`; where the keys are in
TOLLGATE_SEALING_KEYS the new entry is shown, once. Nothing changes before the services are restarted with it.`,
    examples: ['sealing rotate'],
    run: () => Promise.resolve(rotate()),
  },
  'sealing reseal': {
    takes: [],
    says: 'secrets of tools are sealed with the first key',
    more: `Once every service runs with that key: a dispatcher that does not know it cannot open them. What is in the journals
is sealed once and for all, and goes with them.`,
    examples: ['sealing reseal', 'sealing reseal --json'],
    run: () => reseal(),
  },
  'projections list': {
    takes: [],
    says: 'how far Postgres, Redis and DECISIONS are behind the journals',
    more: 'Asks audit. A projection that is `stopped` needs an operator: see /readyz and the log.',
    examples: ['projections list', 'projections list --json'],
    run: () => listProjections(),
  },
  'projections rebuild': {
    takes: ['postgres|redis'],
    says: 'written again from the journals; older history stays',
    more: `postgres  Whatever happened since the first midnight (UTC) from which on every journal holds everything is
          taken out of the record and written again; all of it, while nothing was purged from them yet. What is
          older, what clients posted themselves and counts of refused requests stay as they are.
redis     Outcomes, tasks and credits are wiped and written again. Rate limits stay.
DECISIONS is not made anew: subscribers would see every decision again.

It answers when the projections have begun; \`projections list\` says how far they are. Calls go on meanwhile; reads of
Postgres say with X-Tollgate-Lag that they are behind, reads of leases and credits wait, or answer 503.`,
    examples: ['projections rebuild postgres', 'projections rebuild redis --json'],
    run: ([what]) => rebuildProjection(what === 'redis' ? 'redis' : 'postgres'),
  },
};
