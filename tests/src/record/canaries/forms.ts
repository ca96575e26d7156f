/**
 * Every form in which a text may lie in a file or a message: as it is, escaped as JSON once and twice, each character
 * escaped, percent-encoded, hex, and base64 (both alphabets) wherever it begins among the three bytes of a group.
 */
export function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(text, 'utf8');
  const forms: [string, string][] = [
    ['plain', text],
    ['JSON', escaped(text)],
    ['JSON in JSON', escaped(escaped(text))],
    ['unicode escapes', unicodeEscapes(text)],
    ['percent', encodeURIComponent(text)],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
  ];
  for (const offset of [0, 1, 2]) {
    const base64 = base64At(bytes, offset);
    forms.push([`base64 at ${offset}`, base64]);
    forms.push([`base64url at ${offset}`, base64.replaceAll('+', '-').replaceAll('/', '_')]);
  }
  return new Map(distinct(forms));
}

/** Names of the forms of `text` that `bytes` hold. */
export function formsIn(bytes: Buffer, forms: ReadonlyMap<string, Buffer>): string[] {
  return [...forms].filter(([, form]) => bytes.includes(form)).map(([name]) => name);
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

function unicodeEscapes(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** What is the same whatever stands before and behind: characters that share bits with a neighbour are left out. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const head = Math.ceil((offset * 8) / 6);
  const tail = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return encoded.slice(head, encoded.length - tail);
}

function distinct(forms: readonly [string, string][]): [string, Buffer][] {
  const first = new Map<string, string>();
  for (const [name, form] of forms) if (!first.has(form)) first.set(form, name);
  return [...first].map(([form, name]) => [name, Buffer.from(form, 'utf8')]);
}
