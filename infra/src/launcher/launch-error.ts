/** A start that cannot go on, told in words of the person who started it. */
export class LaunchError extends Error {
  constructor(
    readonly why: string,
    readonly whatToDo: string,
    options?: ErrorOptions,
  ) {
    super(why, options);
    this.name = 'LaunchError';
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'free some disk space, then start again',
  EACCES: 'make the folder writable for this user, or choose another with --data <dir>',
  EPERM: 'make the folder writable for this user, or choose another with --data <dir>',
  EROFS: 'the file system is read-only: choose another folder with --data <dir>',
};

/** What went wrong and what helps, for whatever was thrown. */
export function explain(error: unknown): { readonly why: string; readonly whatToDo: string | undefined } {
  if (error instanceof LaunchError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  const noSpace = /no space left on device/i.test(message);
  return { why: message, whatToDo: ADVICE[noSpace ? 'ENOSPC' : (code ?? '')] };
}
