import type { DataOf, taskPolled } from '@tollgate/events';

/** Whoever asked has to wait; the holder itself, which asks again, has its first answer. */
export const isHeldByAnother = ({ task, asHolder }: DataOf<typeof taskPolled>): boolean =>
  task.state.is === 'in_progress' && asHolder !== true;
