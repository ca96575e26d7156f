/** What operators want to know of a stage; labels name neither tenants nor agents, keys or tools. */
export interface StageObserver {
  decided(eventType: string, reason: string | undefined): void;
  /** Milliseconds from reading an input to the acknowledgement of what it decided. */
  latency(ms: number): void;
  appended(events: number): void;
  tookOver(partition: number): void;
  /** Inputs that are read but not decided yet. */
  lag(source: string, partition: number, messages: number): void;
  parked(source: string, code: string): void;
}

export interface StageLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Named points at which tests stop or kill a process; does nothing unless armed. */
export type FaultPoint = (name: string) => Promise<void> | void;
