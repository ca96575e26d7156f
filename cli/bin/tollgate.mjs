#!/usr/bin/env node
// Plain JavaScript, so that the command can be linked before anything is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);

if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('tollgate: not built yet: run `npm start` or `npm run build` once\n');
  process.exitCode = 1;
}
