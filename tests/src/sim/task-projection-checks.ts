import type { Task, TollgateEvent } from '@tollgate/events';
import { decodeStoredTask, TASK_REMEMBERED_MS, taskKey, usageKey } from '@tollgate/store';
import { isTaskChange } from './checks/tasks.js';
import type { AuditAround } from './sim-audit.js';

/** Clocks differ: what is forgotten just now may be there. */
const MARGIN_MS = 60_000;

/** Redis shows every task as its last event has it, and the credits of this month as they add up. */
export function taskTroubles({ redis, now }: AuditAround, events: readonly TollgateEvent[]): string[] {
  const tasks = new Map<string, Task>();
  const used = new Map<string, { make: number; ai: number }>();
  const month = monthOf(now());
  for (const { type, tenant, data, at } of events) {
    if ('task' in data && isTaskChange({ type })) tasks.set(taskKey(tenant, data.task.key), data.task);
    const [kind, in_, by] = usedBy({ type, data, at } as TollgateEvent);
    // What is charged nothing begins no month.
    if (in_ !== month || by === 0) continue;
    const sum = used.get(tenant) ?? { make: 0, ai: 0 };
    used.set(tenant, { ...sum, [kind]: sum[kind] + by });
  }
  return [
    ...[...tasks].flatMap(([key, task]) => taskTrouble(redis.get(key), task, now())),
    ...[...used].flatMap(([tenant, { make, ai }]) => {
      const there = redis.hash(usageKey(tenant));
      const is = `${there.get('month')} ${there.get('make')} ${there.get('ai')}`;
      return is === `${month} ${make} ${ai}` ? [] : [`Redis has credits of ${tenant} as ${is}, not ${make} ${ai}`];
    }),
  ];
}

function taskTrouble(text: string | null, { key, version, state }: Task, now: number): string[] {
  if (state.is !== 'in_progress' && state.at + TASK_REMEMBERED_MS < now + MARGIN_MS) return [];
  if (text === null) return [`Redis does not know ${key}`];
  const there = decodeStoredTask(text);
  return there.version === version && there.state.is === state.is
    ? []
    : [`Redis has ${key} as ${there.state.is} ${there.version}, which is ${state.is} ${version}`];
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

function usedBy({ type, data, at }: TollgateEvent): readonly ['make' | 'ai', string, number] {
  switch (type) {
    case 'lock-repeated':
      return ['make', monthOf(at), data.credits.charged];
    case 'task-acquired':
      return ['ai', monthOf(at), data.credits.charged];
    case 'lease-acquired':
      return ['ai', monthOf(at), 1];
    case 'lease-settled':
      return ['ai', data.how.state === 'free' ? (data.how.givesBack ?? '') : '', -1];
    default:
      return ['ai', '', 0];
  }
}
