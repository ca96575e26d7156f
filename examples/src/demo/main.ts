/* `npm run demo`: the three failures that Tollgate exists for, played on real HTTP tools. See HELP in options.ts. */
import { HELP, parseOptions } from './options.js';
import type { DemoOptions } from './options.js';
import { playAll } from './play.js';
import { startPrivateInstallation } from './private-installation.js';
import { storyLines, trailLines, verdictLines } from './report.js';
import { Tollgate } from './tollgate.js';

const CLAIM_FELL = 1;
const NOT_PLAYED = 2;
const INTERRUPTED = 130;

const print = (line: string): void => console.log(line);
const printAll = (lines: readonly string[]): void => lines.forEach(print);

/** What was started, and made on the server; undone in reverse order. */
const atEnd = new AsyncDisposableStack();
let ending: Promise<void> | undefined;

function cleanUp(): Promise<void> {
  ending ??= atEnd
    .disposeAsync()
    .catch((error: unknown) => print(`! not everything could be undone: ${textOf(error)}`));
  return ending;
}

function interrupt(): void {
  if (ending !== undefined) return;
  print('\nstopping, and throwing away what was made …');
  void cleanUp().then(() => process.exit(INTERRUPTED));
}

async function demo({ server, withPolicy }: DemoOptions): Promise<number> {
  if (server === undefined) print('Starting a Tollgate of its own, thrown away at the end');
  const tollgate = server ? new Tollgate(server.url, server.adminKey) : await startPrivateInstallation(atEnd, print);
  print(`\nPlaying three stories, directly and through ${tollgate.base}`);
  if (!withPolicy) print('  Without policies: the agents call with the admin key, which may then do everything');
  const played = await playAll({ tollgate, withPolicy, atEnd }, print);
  const stories = played.map(({ story }) => story);
  stories.forEach((story, index) => printAll(storyLines(index + 1, story)));
  print('\nWhat Tollgate has on record of each run:');
  for (const { story, trail } of played) printAll(trailLines(story.runId, trail));
  printAll(verdictLines(stories));
  return stories.every(({ claims }) => claims.every(({ holds }) => holds)) ? 0 : CLAIM_FELL;
}

function parseOrExit(): DemoOptions {
  try {
    return parseOptions(process.argv.slice(2), process.env['TOLLGATE_ADMIN_KEY']);
  } catch (error) {
    console.error(`${textOf(error)}\n\n${HELP}`);
    return process.exit(NOT_PLAYED);
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const options = parseOrExit();
if (options.help) {
  print(HELP);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
process.once('disconnect', interrupt); // whoever started us is gone
const code = await demo(options).catch((error: unknown) => {
  if (ending === undefined) console.error(`\nThe demo could not be played: ${textOf(error)}`);
  return NOT_PLAYED;
});
if (ending === undefined) {
  await cleanUp();
  process.exit(code);
}
