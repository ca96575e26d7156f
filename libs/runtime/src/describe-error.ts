import { isNativeError } from 'node:util/types';

/** What of an error may be logged: its kind, its code and where it happened. */
export interface DescribedError {
  readonly error: string;
  readonly code?: string | number;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

const MAX_CAUSES = 4;

/**
 * Describes an error without what it quotes. Messages of parsers, of stores and of validation carry pieces of what was
 * sent, which no log may hold; so a message is kept only for system errors (`connect ECONNREFUSED …`) and for classes
 * of ours that say `messageIsSafe`.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!isNativeError(error)) return { error: typeof error };
  const { name, code, cause } = error as Error & { code?: unknown };
  return {
    error: name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(isSafe(error) ? { message: error.message } : {}),
    stack: framesOf(error),
    ...(cause !== undefined && depth < MAX_CAUSES ? { cause: describeError(cause, depth + 1) } : {}),
  };
}

function isSafe(error: Error): boolean {
  return 'syscall' in error || ('messageIsSafe' in error && error.messageIsSafe === true);
}

/** The frames only: the head of a stack repeats the message, which may look like anything. */
function framesOf({ message, stack = '' }: Error): string {
  const head = stack.indexOf(message);
  return stack
    .slice(head < 0 ? 0 : head + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .join('\n');
}
