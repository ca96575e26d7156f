import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly args: { readonly SERVICE: string } };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
/** As written: variables stand for themselves. */
export const compose = parse(composeText, { merge: true }) as ComposeFile;

/** The variables that the file takes from `.env`, with what follows the name (`:?…` or `:-…`). */
export function interpolations(text: string): readonly { readonly name: string; readonly rest: string }[] {
  return [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)([^}]*)\}/g)].map(([, name = '', rest = '']) => ({ name, rest }));
}

/** What Compose makes of a value, for the two forms that the file uses. */
export function interpolate(value: string, variables: ReadonlyMap<string, string>): string {
  return value
    .replace(/(?<!\$)\$\{([A-Z0-9_]+)(?::-([^}]*)|:\?[^}]*)?\}/g, (_, name: string, fallback?: string) => {
      const known = variables.get(name) ?? fallback;
      if (known === undefined) throw new Error(`${name} is not in .env`);
      return known;
    })
    .replaceAll('$$', '$');
}

export interface MadeEnvironment {
  readonly variables: ReadonlyMap<string, string>;
  readonly mode: number;
  /** Makes it once more at the same place. */
  readonly again: () => number | null;
}

/** The `.env` that the documented command makes. */
export function makeEnvironment(): MadeEnvironment {
  const file = join(mkdtempSync(join(tmpdir(), 'tollgate-env-')), '.env');
  const make = () =>
    spawnSync(process.execPath, [join(root, 'infra/containers/make-env.mjs'), file], { stdio: 'ignore' }).status;
  make();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const variables = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  return { variables, mode: statSync(file).mode & 0o777, again: make };
}
