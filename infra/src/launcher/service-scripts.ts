import { SERVICE_NAMES } from '@tollgate/runtime';
import { fileURLToPath } from 'node:url';

export interface ServiceScript {
  /** Of its log, and in what is said about it. */
  readonly name: string;
  readonly script: string;
}

/** One process of all six, or one of each: those are what the containers run. */
export function serviceScripts(oneEach: boolean): readonly ServiceScript[] {
  if (!oneEach) return [{ name: 'services', script: pathOf(new URL('../services-main.js', import.meta.url)) }];
  return SERVICE_NAMES.map((name) => ({
    name,
    script: pathOf(new URL('./main.js', import.meta.resolve(`@tollgate/${name}`))),
  }));
}

function pathOf(url: URL): string {
  return fileURLToPath(url);
}
