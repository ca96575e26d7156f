import { JetStreamBench } from './jetstream-bench.js';
import { describeMessageBus } from './message-bus.contract.js';

describeMessageBus('JetStream', () => JetStreamBench.open());
