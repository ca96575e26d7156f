import type { MessageBus } from '@tollgate/journal';

/** A stream that holds messages `first` to the last of `stamps`, one for each stamp. */
export const keptStream = (first: number, stamps: readonly number[]): Pick<MessageBus, 'rangeOf' | 'message'> => ({
  rangeOf: () => Promise.resolve({ first, last: first + stamps.length - 1 }),
  message: (_stream, seq) => {
    const stampMs = stamps[seq - first];
    if (stampMs === undefined) return Promise.resolve(undefined);
    return Promise.resolve({
      seq,
      subject: 's',
      stampMs,
      mark: '',
      data: new TextEncoder().encode(`message ${String(seq)}`),
    });
  },
});
