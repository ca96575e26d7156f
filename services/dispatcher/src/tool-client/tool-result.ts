import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { JsonValue } from '@tollgate/sealing';
import type { Reply, ReplyBody } from './reply.js';

type ToolResult = { [member: string]: JsonValue };

const TOO_LARGE: ToolResult = { error: 'response_too_large' };
const INCOMPLETE: ToolResult = { error: 'response_incomplete' };

/** Deeper JSON is kept as text: whoever walks it recursively later would run out of stack. */
const DEEPEST = 128;

/** No compression is asked for; some tools compress nevertheless. */
const DECODERS: Record<string, typeof gunzipSync> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * The result of a tool that answered 2xx (contract section 6): always an object, whatever the body is. Never throws.
 *
 * @param maxBytes Of the body, compressed or not. As JSON text the result may take twice that: quoting makes text longer.
 */
export function toolResult({ body, headers }: Reply, maxBytes: number): ToolResult {
  const bytes = decode(body, headers['content-encoding'], maxBytes);
  if (bytes === 'too_large') return TOO_LARGE;
  if (typeof bytes === 'string') return INCOMPLETE;
  const result = asObject(bytes);
  return Buffer.byteLength(JSON.stringify(result)) > 2 * maxBytes ? TOO_LARGE : result;
}

function decode(body: ReplyBody, encoding: string | undefined, maxBytes: number): ReplyBody {
  const decoder = DECODERS[encoding?.trim().toLowerCase() ?? ''];
  if (typeof body === 'string' || body.length === 0 || decoder === undefined) return body;
  try {
    return decoder(body, { maxOutputLength: maxBytes });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'incomplete';
  }
}

function asObject(bytes: Buffer): ToolResult {
  if (bytes.length === 0) return {};
  const text = new TextDecoder().decode(bytes);
  const value = parse(text);
  if (value === undefined || !isPlain(value, DEEPEST)) return { value: text };
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Whether it can be written as JSON again: `1e400` reads as infinity, which has no JSON. */
function isPlain(value: JsonValue, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isPlain(member, depth - 1));
}
