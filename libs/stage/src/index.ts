export { AsOf, Decides, decisionsOf, Input } from './decides.js';
export { DecisionFilter, JournalServer, type JournalServerOptions } from './journal-server.js';
export { keepingTimes, type Keeping, type KeepingTimes } from './keeping.js';
export type { FaultPoint, StageObserver } from './observer.js';
export type { Decide, Owner, Source, StageDefinition, StageEffects, Turn } from './stage-definition.js';
export type { RunnerOptions } from './runner-options.js';
export { StageRunner } from './stage-runner.js';
export { stageService, type StageParts } from './stage-service.js';
export { contextOf, logIds, traceparentOf } from './tracing.js';
