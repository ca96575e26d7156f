import { metrics, type Attributes, type Meter } from '@opentelemetry/api';
import type { ServiceName } from './service.js';

/** Labels are few and known: never a tenant, an agent, a key or a tool, of which there is no end. */
export interface Instruments {
  /** An ending of a call. */
  decision(labels: { service: ServiceName; decision: string; reason: string }): void;
  /** An answer to a command about a lock or a lease: the kind of its event, or why it was refused. */
  command(labels: { service: ServiceName; answer: string }): void;
  /** A request that was refused for the rate of its key. */
  rateLimited(labels: { service: ServiceName }): void;
  /** From reading an input to the ack of what was decided from it. Milliseconds. */
  stageLatency(ms: number, labels: { service: ServiceName; input: string }): void;
  /** Messages between a reader and the end of what it reads. */
  readerLag(messages: number, labels: { service: ServiceName; reader: string; partition: number }): void;
  /** How well one append carries many events. */
  eventsPerAppend(events: number, labels: { service: ServiceName; partition: number }): void;
  /** A new owner of a journal. */
  takeover(labels: { service: ServiceName; partition: number }): void;
  /** Attempts at tools whose outcome nobody knows yet. */
  attemptsInDoubt(attempts: number, labels: { partition: number }): void;
  /** Copies that NATS keeps of every stream, at least. */
  streamReplicas(copies: number): void;
}

const LATENCY_BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

let current = createInstruments(metrics.getMeter('tollgate'));

/** The process's instruments. They record nothing until telemetry has started. */
export function instruments(): Instruments {
  return current;
}

/** Called once telemetry has registered its meter provider; instruments made before it would stay silent. */
export function renewInstruments(): void {
  current = createInstruments(metrics.getMeter('tollgate'));
}

export function createInstruments(meter: Meter): Instruments {
  const decisions = meter.createCounter('tollgate_decisions', { description: 'Calls ended, by decision and reason' });
  const commands = meter.createCounter('tollgate_commands', {
    description: 'Commands about locks and leases, by answer',
  });
  const limited = meter.createCounter('tollgate_rate_limited', { description: 'Requests refused for their rate' });
  const latency = meter.createHistogram('tollgate_stage_latency', {
    unit: 'ms',
    description: 'From reading an input to the ack of its events',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS_MS },
  });
  const lag = meter.createGauge('tollgate_reader_lag', { description: 'Messages that a reader has still to read' });
  const batch = meter.createHistogram('tollgate_events_per_append', {
    description: 'Events in one append to a journal',
    advice: { explicitBucketBoundaries: BATCH_BUCKETS },
  });
  const takeovers = meter.createCounter('tollgate_takeovers', { description: 'New owners of a journal' });
  const inDoubt = meter.createGauge('tollgate_attempts_in_doubt', { description: 'Attempts with an unknown outcome' });
  const replicas = meter.createGauge('tollgate_stream_replicas', { description: 'Copies of every stream, at least' });
  return {
    decision: (labels) => {
      decisions.add(1, attributes(labels));
    },
    command: (labels) => {
      commands.add(1, attributes(labels));
    },
    rateLimited: (labels) => {
      limited.add(1, attributes(labels));
    },
    stageLatency: (ms, labels) => {
      latency.record(ms, attributes(labels));
    },
    readerLag: (messages, labels) => {
      lag.record(messages, attributes(labels));
    },
    eventsPerAppend: (events, labels) => {
      batch.record(events, attributes(labels));
    },
    takeover: (labels) => {
      takeovers.add(1, attributes(labels));
    },
    attemptsInDoubt: (attempts, labels) => {
      inDoubt.record(attempts, attributes(labels));
    },
    streamReplicas: (copies) => {
      replicas.record(copies);
    },
  };
}

function attributes(labels: Attributes): Attributes {
  return labels;
}
