import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OTEL_VARIABLES } from './otel-environment.js';
import { descriptionOf, settingNames, settingsSchema } from './settings.js';

export const SETTINGS_PAGE = fileURLToPath(new URL('../../../docs/settings.md', import.meta.url));

/** The whole of docs/settings.md, from the schema. */
export function settingsReference(): string {
  return [
    '# Settings',
    '',
    '<!-- Made from the schema in libs/runtime/src/settings.ts by `npm run docs:settings`. Change it there. -->',
    '',
    'Every process reads its settings from environment variables, once, when it starts. One that is empty counts as not',
    'set. A process that finds one missing or wrong does not start, and names it.',
    '',
    '| variable | default | must be | what it does |',
    '|---|---|---|---|',
    ...settingNames.map(rowOf),
    '',
    '## Tracing and metrics',
    '',
    'Spans and metrics are exported by OTLP when one of the standard endpoints is set, and not at all when none is. The',
    'OpenTelemetry SDK reads its [own variables](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)',
    'itself; these are the ones of use here:',
    '',
    ...OTEL_VARIABLES.map((variable) => `- \`${variable}\``),
    '',
  ].join('\n');
}

/** Whether the page in the repository is what the schema says. */
export function settingsReferenceIsCurrent(): boolean {
  return readFileSync(SETTINGS_PAGE, 'utf8') === settingsReference();
}

function rowOf(name: (typeof settingNames)[number]): string {
  const { variable, description, expected } = descriptionOf(name);
  return `| \`${variable}\` | ${defaultOf(name)} | ${escaped(expected)} | ${escaped(description)} |`;
}

function defaultOf(name: (typeof settingNames)[number]): string {
  const schema = settingsSchema.shape[name];
  const absent = schema.safeParse(undefined);
  if (!absent.success) return '**required**';
  const value: unknown = absent.data;
  return typeof value === 'string' || typeof value === 'number' ? `\`${value}\`` : 'none';
}

/** A bar would end the cell. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
