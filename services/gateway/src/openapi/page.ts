import type { OpenApi, Operation } from './document.js';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.875rem/1.45 ui-monospace, monospace; }
pre { overflow: auto; padding: 0.75rem; border: 1px solid #8884; border-radius: 6px; }
h2 { margin-top: 3rem; border-bottom: 1px solid #8884; }
h3 code { font-size: 1rem; }
.method { display: inline-block; min-width: 4rem; font-weight: 700; text-transform: uppercase; }
table { border-collapse: collapse; } td { padding: 0.1rem 1rem 0.1rem 0; vertical-align: top; }
`;

/** The reference for people: one page, no script, made of the same document. */
export function referencePage(document: OpenApi): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  const body = [...sections]
    .map(([section, all]) => `<h2>${escaped(section)}</h2>${all.map(operationHtml).join('')}`)
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tollgate API</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head>
<body><h1>Tollgate API</h1><p>${escaped(String(document.info['description']))}
As a machine reads it: <a href="openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p>${body}
${errorsHtml(document.components['responses'] as Readonly<Record<string, Media>>)}</body></html>`;
}

/** What the operations name in short. */
const errorsHtml = (errors: Readonly<Record<string, Media>>): string =>
  `<h2>Errors</h2>${Object.entries(errors)
    .map(
      ([name, error]) => `<section id="${name}">${mediaHtml(`${name}: ${error.description ?? ''}`, error)}</section>`,
    )
    .join('')}`;

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  return `<section id="${escaped(operationId)}"><h3><span class="method">${method}</span> <code>${escaped(path)}</code></h3>
<p>${escaped(summary)}${description === undefined ? '' : ` <em>${escaped(String(description))}</em>`}</p>
${parametersHtml(parameters as readonly Parameter[] | undefined)}
${requestBody === undefined ? '' : mediaHtml('Send', requestBody as Media)}
${Object.entries(responses)
  .map(([status, response]) => responseHtml(status, response as Media))
  .join('')}</section>`;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: object;
}
interface Media {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;
}

function parametersHtml(parameters: readonly Parameter[] = []): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${place}${required ? ', required' : ''}</td>` +
      `<td>${escaped(description ?? '')} <code>${escaped(JSON.stringify(schema))}</code></td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function responseHtml(status: string, response: Media): string {
  if (response.$ref !== undefined) return `<p>${errorLink(status, escaped(response.$ref.split('/').at(-1) ?? ''))}</p>`;
  return mediaHtml(`${status} ${response.description ?? ''}`, response);
}

const errorLink = (status: string, name: string): string => `${status}: <a href="#${name}"><code>${name}</code></a>`;

function mediaHtml(title: string, { content = {} }: Media): string {
  return Object.values(content)
    .map(
      ({ schema, example }) =>
        `<p>${escaped(title)}</p>${example === undefined ? '' : `<pre>${pretty(example)}</pre>`}` +
        `<details><summary>Schema</summary><pre>${pretty(schema)}</pre></details>`,
    )
    .join('');
}

const pretty = (value: unknown): string => escaped(JSON.stringify(value, null, 2));

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
