import { describeConnections } from './connection.contract.js';
import { JetStreamBench } from './jetstream-bench.js';
import { describeMessageBus } from './message-bus.contract.js';

describeMessageBus('JetStream', () => JetStreamBench.open());
describeConnections('JetStream', () => JetStreamBench.open());
