import { describeMessageBus } from './message-bus.contract.js';
import { SimulatedBench } from './simulated-bench.js';

describeMessageBus('simulated', () => Promise.resolve(new SimulatedBench()));
