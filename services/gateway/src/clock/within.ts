import type { Clock } from '@tollgate/journal';

/** What `promise` comes to, or `late` when that takes longer than `ms`; what still comes then is nobody's any more. */
export async function within<T>(clock: Clock, promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let cancel: () => void = () => undefined;
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(Math.max(0, ms), () => {
      resolve('late');
    });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
