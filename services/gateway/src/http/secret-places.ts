/** Members of a body whose content is the caller's own and is echoed nowhere (contract section 0). */
const OPAQUE_MEMBERS = new Set(['args', 'metadata', 'result', 'data']);
/** Members that hold secrets, at any depth. A URL may carry a password. */
const SECRET_MEMBERS = new Set(['auth', 'secret', 'url', 'reconcile_url', 'key', 'idempotency_key']);

/** Whether the value at this place (from the root of the body) must not be shown in an error. */
export function isSecretPlace(path: readonly PropertyKey[]): boolean {
  const [first] = path;
  if (first === undefined) return true;
  return OPAQUE_MEMBERS.has(String(first)) || path.some((member) => SECRET_MEMBERS.has(String(member)));
}

export function isOpaqueMember(name: string): boolean {
  return OPAQUE_MEMBERS.has(name);
}
