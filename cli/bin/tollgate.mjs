#!/usr/bin/env node
// Plain JavaScript on the machine's own Node, so that the command is there before anything is installed or built.
import { existsSync } from 'node:fs';

/** By its place: before the install there is no package that could be imported by its name. */
const bootstrap = (file) => import(new URL(`../../infra/bootstrap/${file}`, import.meta.url).href);

const { inRoot, pinnedNode } = await bootstrap('paths.mjs');
const main = inRoot('cli', 'dist', 'main.js');

// Only when there is nothing yet: a build must not change what runs beside it.
if (!existsSync(main) || !existsSync(pinnedNode)) await (await bootstrap('ready.mjs')).makeReady();
(await bootstrap('forward.mjs')).runInPlace(main, process.argv.slice(2), { cwd: process.cwd() });
