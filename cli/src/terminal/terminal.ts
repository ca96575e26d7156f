import { text } from 'node:stream/consumers';
import { styleOf, type Style } from './style.js';

/** Where a command reads and writes. */
export interface Terminal {
  readonly style: Style;
  /** To standard output. */
  print(text: string): void;
  /** A line to standard error, which is for people: what a pipe reads stays free of it. */
  say(line: string): void;
  /** Standard input to its end. */
  input(): Promise<string>;
  /** Aborted on Ctrl-C, which from now on does not end the process by itself. */
  interruption(): AbortSignal;
}

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', leaveQuietly);
  return {
    style: styleOf(process.stdout),
    print: (output) => void process.stdout.write(output),
    say: (line) => void process.stderr.write(`${line}\n`),
    input: () => text(process.stdin),
    interruption,
  };
}

/** Whoever reads us has read enough, as `head` does. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

function interruption(): AbortSignal {
  const interrupted = new AbortController();
  // More than one may come: from the terminal, and from whoever started us.
  process.on('SIGINT', () => {
    interrupted.abort();
  });
  return interrupted.signal;
}
