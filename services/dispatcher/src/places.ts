import type { LeasedCall } from '@tollgate/events';
import type { Question } from './decide-reconciled.js';

/** Bounds on what runs at once, so that a tool that hangs or a loud tenant stops nobody else (rule 13). */
export interface Limits {
  readonly perTool: number;
  readonly perTenant: number;
}

/** Whose place it is: that of an attempt, or of a question about what became of one. */
export interface Taker {
  /** Those of one call differ. */
  readonly id: string;
  readonly callId: string;
  readonly asks?: Question | undefined;
  readonly tenant: string;
  /** Tenant, scope and name of the tool. */
  readonly tool: string;
}

/** An attempt of a call, or a question about it, as somebody who needs a place at its tool. */
export const takerOf = (tenant: string, { call, terms }: LeasedCall, asks?: Question): Taker => ({
  id: asks === undefined ? call.callId : `${call.callId} ${asks.attempt}.${asks.question}`,
  callId: call.callId,
  asks,
  tenant,
  tool: JSON.stringify([tenant, terms.scope, call.tool]),
});

/** Places at tools: who needs one takes it before it connects, and keeps it until its attempt or its question has ended. */
export class Places {
  private readonly taken = new Map<string, Taker>();
  private readonly perTool = new Map<string, number>();
  private readonly perTenant = new Map<string, number>();
  /** Those that wait, by tool: a full tool is passed over at once. */
  private readonly waiting = new Map<string, Map<string, Taker>>();

  constructor(private readonly limits: Limits) {}

  /** Takes a place now; false when there is none. Nobody is overtaken: a place that is given back goes to who waits. */
  take(taker: Taker): boolean {
    if (this.taken.has(taker.id)) return true;
    if (!this.hasRoom(taker)) return false;
    this.taken.set(taker.id, taker);
    add(this.perTool, taker.tool, 1);
    add(this.perTenant, taker.tenant, 1);
    return true;
  }

  wait(taker: Taker): void {
    if (this.taken.has(taker.id)) return;
    const queue = this.waiting.get(taker.tool) ?? new Map<string, Taker>();
    this.waiting.set(taker.tool, queue.set(taker.id, taker));
  }

  release(id: string): void {
    const taker = this.taken.get(id);
    for (const [tool, queue] of this.waiting) if (queue.delete(id) && queue.size === 0) this.waiting.delete(tool);
    if (taker === undefined) return;
    this.taken.delete(id);
    add(this.perTool, taker.tool, -1);
    add(this.perTenant, taker.tenant, -1);
  }

  /** Gives free places to those that wait: oldest first for each tool, and the tools in turn. */
  admit(): Taker[] {
    const admitted: Taker[] = [];
    for (const [tool, queue] of [...this.waiting]) {
      const before = admitted.length;
      for (const taker of queue.values()) {
        if (!this.take(taker)) break;
        queue.delete(taker.id);
        admitted.push(taker);
      }
      if (queue.size === 0 || admitted.length > before) this.waiting.delete(tool);
      if (queue.size > 0) this.waiting.set(tool, queue);
    }
    return admitted;
  }

  private hasRoom({ tool, tenant }: Taker): boolean {
    return (
      (this.perTool.get(tool) ?? 0) < this.limits.perTool && (this.perTenant.get(tenant) ?? 0) < this.limits.perTenant
    );
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
