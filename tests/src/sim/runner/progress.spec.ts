import { Progress, type Every } from './progress.js';

describe('progress', () => {
  const written: string[] = [];
  let tick: (() => void) | undefined;
  const ticking: Every = (_ms, work) => {
    tick = work;
    return () => (tick = undefined);
  };
  const write = (text: string): void => void written.push(text);
  beforeEach(() => void written.splice(0));

  it('is one line that is rewritten on a terminal, cut to its width, and leaves nothing behind', () => {
    let done = 0;
    const progress = new Progress({ isTTY: true, columns: 8, write }, () => `${++done} of 100 runs`, ticking);
    tick?.();
    tick?.();
    progress.say(() => write('found\n'));
    progress.end();
    const clear = '\r\x1b[2K';
    expect(written).toEqual([`${clear}1 of 10`, `${clear}2 of 10`, clear, 'found\n', '2 of 10', clear]);
    expect(tick).toBeUndefined();
  });

  it('is a plain line now and then elsewhere', () => {
    const progress = new Progress({ write }, () => 'some', ticking);
    tick?.();
    progress.say(() => write('found\n'));
    tick?.();
    progress.end();
    expect(written).toEqual(['some\n', 'found\n', 'some\n']);
  });
});
