export const SERVER_NAMES = ['nats', 'redis', 'postgres'] as const;

export type ServerName = (typeof SERVER_NAMES)[number];

/** Where a server's program comes from. */
export type Program =
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'container'; readonly docker: string; readonly image: string };
