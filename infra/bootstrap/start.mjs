/* npm start: installs and builds as needed, then hands over to the launcher. Plain JavaScript on the machine's own Node. */
import { existsSync } from 'node:fs';
import { runInPlace } from './forward.mjs';
import { inRoot } from './paths.mjs';
import { makeReady } from './ready.mjs';

const launcher = inRoot('infra', 'dist', 'launcher-main.js');
const args = process.argv.slice(2);

// Asking must not change anything under what runs.
const onlyAsks = args.includes('--status') || args.includes('--help');
if (!onlyAsks || !existsSync(launcher)) await makeReady();
runInPlace(launcher, args);
