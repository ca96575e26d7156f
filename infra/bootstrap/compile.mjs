import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, say, StepError } from './command.mjs';
import { inRoot, pinnedNode, root } from './paths.mjs';

const COMPILER = inRoot('node_modules', 'typescript7', 'bin', 'tsc');
const PACKAGES = ['libs/*', 'services/*', 'cli', 'infra', 'tests', 'examples'];

/** Compiles what changed; the compiler itself knows what that is. */
export async function compile() {
  if (!existsSync(inRoot('infra', 'dist'))) say('building');
  for (const folder of packageFolders()) removeOrphans(join(folder, 'dist'), join(folder, 'src'));
  const { code, output } = await runCommand(pinnedNode, [COMPILER, '-b'], { quiet: true });
  if (code !== 0) throw new StepError(`${output.trimEnd()}\nThe build failed.`);
}

export function packageFolders() {
  return PACKAGES.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [join(root, pattern)];
    const parent = join(root, pattern.slice(0, -2));
    return readdirSync(parent).map((name) => join(parent, name));
  });
}

/** Output of a source that is gone would still be found, and run, as a test. */
function removeOrphans(dist, src) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { withFileTypes: true })) {
    if (entry.isDirectory()) removeOrphans(join(dist, entry.name), join(src, entry.name));
    const stem = /^(.+)\.js$/.exec(entry.name)?.[1];
    if (stem === undefined || existsSync(join(src, `${stem}.ts`))) continue;
    for (const suffix of ['.js', '.js.map', '.d.ts', '.d.ts.map']) rmSync(join(dist, stem + suffix), { force: true });
  }
}
