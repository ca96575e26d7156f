import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { DOCS } from './code-blocks.js';

const ROOT = join(DOCS, '..');
const PAGES = ['*.md', 'docs/**/*.md', 'examples/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

const textOf = (file: string): string => readFileSync(file, 'utf8').replace(/^```.*?^```$/gms, '');

/** As GitHub makes them of headings. */
const anchorsOf = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );

describe('the links of a page', () => {
  it.each(PAGES)('%s lead to files, and to headings, that there are', (page) => {
    const targets = [...textOf(join(ROOT, page)).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(ROOT, page) : join(dirname(join(ROOT, page)), path);
      if (!existsSync(file) || relative(ROOT, file).startsWith('..')) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
