/** Why the API could not listen, and what to do about it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly messageIsSafe = true;
  readonly code: string;

  constructor(host: string, port: number, cause: unknown) {
    const code = String((cause as { code?: unknown }).code);
    super(messageFor(code, host, port), { cause });
    this.code = code;
  }
}

function messageFor(code: string, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken: stop what uses it, or set PORT to another (0 takes a free one)`;
    case 'EACCES':
      return `port ${port} on ${host} may not be used: set PORT to one above 1023`;
    default:
      return `cannot listen on ${host}, port ${port} (${code}): check HOST and PORT`;
  }
}
