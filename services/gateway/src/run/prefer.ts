/** Whether a `Prefer` header (RFC 7240) asks not to wait. */
export const prefersAsync = (header: string | undefined): boolean =>
  (header ?? '').split(',').some((preference) => /^\s*respond-async\s*(;.*)?$/i.test(preference));
