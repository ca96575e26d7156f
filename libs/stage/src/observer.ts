import { instruments, type ServiceName } from '@tollgate/runtime';

/** What operators want to know of a stage; labels name neither tenants nor agents, keys or tools. */
export interface StageObserver {
  decided(decision: string, reason: string): void;
  answered(answer: string): void;
  /** Milliseconds from reading an input to the acknowledgement of what it decided. */
  latency(ms: number, input: string): void;
  appended(events: number, partition: number): void;
  tookOver(partition: number): void;
  /** Inputs that are read but not decided yet. */
  lag(source: string, partition: number, messages: number): void;
}

/** Named points at which tests stop or kill a process; does nothing unless armed. */
export type FaultPoint = (name: string) => Promise<void> | undefined;

/** The observer of a running service: its OpenTelemetry instruments. */
export const meteredObserver = (service: ServiceName): StageObserver => ({
  decided: (decision, reason) => {
    instruments().decision({ service, decision, reason });
  },
  answered: (answer) => {
    instruments().command({ service, answer });
  },
  latency: (ms, input) => {
    instruments().stageLatency(ms, { service, input });
  },
  appended: (events, partition) => {
    instruments().eventsPerAppend(events, { service, partition });
  },
  tookOver: (partition) => {
    instruments().takeover({ service, partition });
  },
  lag: (reader, partition, messages) => {
    instruments().readerLag(messages, { service, reader, partition });
  },
});
