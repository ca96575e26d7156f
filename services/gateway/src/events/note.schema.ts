import { z } from 'zod';
import { agentId, id, isObject, jsonObject, text, withoutNulls } from '../http/contract-fields.js';
import type { Json, JsonObject } from '../http/json-reader.js';

const MAX_MESSAGE = 2_048;
/** The year 9999. */
const MAX_SECONDS = 253_402_300_799;
const MAX_INTEGER = 2_147_483_647;

const name = text(0, 256);

export const noteMembers = z.object({
  run_id: id,
  type: id,
  /** Epoch seconds, with a fraction if need be. */
  ts: z.number().min(0).max(MAX_SECONDS).optional(),
  status: name.optional(),
  duration_ms: z.number().min(0).max(MAX_INTEGER).optional(),
  step: name.optional(),
  tool: name.optional(),
  req_id: name.optional(),
  lease_id: name.optional(),
  agent_id: agentId.optional(),
  message: z
    .string()
    .refine((message) => Array.from(message).length <= MAX_MESSAGE, {
      message: `String should have at most ${MAX_MESSAGE} characters`,
      params: { type: 'string_too_long' },
    })
    .optional(),
  data: jsonObject.optional(),
});

/** `POST /events`: whatever else it holds is folded into `data`, which keeps what it says itself. */
export const noteBody = z.preprocess(folded, noteMembers.extend({ size: z.int() }));
export type NoteBody = z.output<typeof noteBody>;

/** The client's own members stay as they are; of ours, null counts as absent. `size` is that of the compact JSON, in bytes. */
function folded(value: unknown): unknown {
  if (!isObject(value)) return value;
  const ours = Object.entries(value).filter(([member]) => isOurs(member));
  const others = Object.entries(value).filter(([member, content]) => !isOurs(member) && content !== null);
  const known = withoutNulls(Object.fromEntries(ours)) as JsonObject;
  const size = Buffer.byteLength(JSON.stringify(value));
  return { ...known, ...foldedData(known['data'], Object.fromEntries(others)), size };
}

const isOurs = (member: string): boolean => Object.hasOwn(noteMembers.shape, member);

function foldedData(data: Json | undefined, others: JsonObject): { data?: Json } {
  if (Object.keys(others).length === 0) return data === undefined ? {} : { data };
  return { data: data === undefined || isObject(data) ? { ...others, ...data } : data };
}
