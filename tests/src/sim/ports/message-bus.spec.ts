import type { BusBench } from './bus-bench.js';
import { describeConnections } from './connection.contract.js';
import { describeMessageBus } from './message-bus.contract.js';
import { SimulatedBench } from './simulated-bench.js';

const open = (): Promise<BusBench> => Promise.resolve(new SimulatedBench());

describeMessageBus('simulated', open);
describeConnections('simulated', open);
