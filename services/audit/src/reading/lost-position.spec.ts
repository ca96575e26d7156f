import { keptStream } from '../spec/kept-stream.js';
import { LostPositionError, verifyPosition } from './lost-position.js';
import { markOf } from './source-position.js';

const at = (seq: number, text = `message ${String(seq)}`) => ({ seq, mark: markOf(new TextEncoder().encode(text)) });
const kept = keptStream(10, [1, 2, 3]);

describe('a stored position', () => {
  it.each([
    ['its message', at(11)],
    ['the last message', at(12)],
    ['the one before the first that is kept', at(9)],
  ])('holds when the stream still has %s', async (_what, position) => {
    await expect(verifyPosition(kept, 'S', position)).resolves.toBeUndefined();
  });

  it.each([
    ['the stream ends before it', at(13)],
    ['messages behind it are gone', at(8)],
    ['another message is there', at(11, 'of another stream')],
  ])('is lost when %s', async (_what, position) => {
    await expect(verifyPosition(kept, 'S', position)).rejects.toBeInstanceOf(LostPositionError);
  });
});
