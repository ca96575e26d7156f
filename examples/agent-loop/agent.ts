/*
 * An agent's loop: the model says what to do next, Tollgate decides and has it done once, the model hears what came of it.
 * Start it again under the same run id, after a crash for example: what was done is not done again.
 *
 *   TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… node examples/agent-loop/agent.ts run-42
 */
import { nextAction, type Observation } from './model.ts';
import { callTool } from './tollgate.ts';

const MOST_STEPS = 20;
const [runId = `run-${Date.now()}`] = process.argv.slice(2);

const seen: Observation[] = [];
while (seen.length < MOST_STEPS) {
  const action = nextAction(seen);
  if (action === undefined) break;
  // The place in the run names the act. A model that may choose differently after a restart needs its choices stored
  // before they are acted on: under one key other arguments are refused.
  const idempotencyKey = `${runId}/${seen.length + 1}`;
  const outcome = await callTool({ agentId: 'sample-agent', runId, idempotencyKey, ...action });
  console.log(JSON.stringify({ step: seen.length + 1, tool: action.tool, ...outcome }));
  if (outcome.kind === 'unknown') {
    console.log('stopped: a person must find out what became of it');
    process.exitCode = 1;
    break;
  }
  seen.push({ action, outcome });
}
