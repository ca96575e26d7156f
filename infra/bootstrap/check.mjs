/* npm run check: everything that can be known without a server. */
import { runJest, runStaticSteps, summarize } from './steps.mjs';

const steps = await runStaticSteps();
summarize(steps.buildFailed ? [steps] : [steps, await runJest('unit')]);
