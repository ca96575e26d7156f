/** What JSON can say. Structurally the same wherever it is named, so values pass between packages without conversion. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [member: string]: JsonValue };
