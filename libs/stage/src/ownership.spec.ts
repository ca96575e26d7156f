import { encodeWord, systemClock, type MessageBus, type StoredMessage } from '@tollgate/journal';
import { Ownership } from './ownership.js';

/** OWNERS, where nobody has said anything yet; what stands in it behind our own claim, which is its first message. */
function claimed(behind: { seq: number; stampMs: number }): Promise<boolean> {
  const word: StoredMessage = {
    ...behind,
    subject: 'owners',
    mark: '',
    data: encodeWord({ owner: 'somebody', beat: 1, released: false }),
  };
  let isSaid = false;
  const bus: Partial<MessageBus> = {
    lastOf: async () => (isSaid ? word : undefined),
    append: async () => {
      isSaid = true;
      return 1;
    },
  };
  return new Ownership(bus as MessageBus, 'lease', 0, 'ourselves', systemClock).tryClaim();
}

/** Rule 4: nobody owns whose clock has not been compared with the broker's. */
describe('a claim', () => {
  it('holds where its stamp is as our clock is', async () => {
    expect(await claimed({ seq: 1, stampMs: Date.now() })).toBe(true);
  });

  it('does not hold where somebody has claimed since: their stamp says nothing of our clock', async () => {
    expect(await claimed({ seq: 2, stampMs: Date.now() })).toBe(false);
  });

  it('ends with a clear word where our clock is off', async () => {
    await expect(claimed({ seq: 1, stampMs: Date.now() - 60_000 })).rejects.toThrow("off the broker's");
  });
});
