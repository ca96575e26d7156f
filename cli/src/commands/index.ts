import type { Command } from '../command/command.js';
import { me } from './account/me.js';
import { metrics } from './account/metrics.js';
import { notifications } from './account/notifications.js';
import { usage } from './account/usage.js';
import { agentsLogs } from './agents/logs.js';
import { agentsMetrics } from './agents/metrics.js';
import { agentsDisable, agentsEnable } from './agents/switch.js';
import { callsList } from './calls/list.js';
import { callsResolve } from './calls/resolve.js';
import { callsShow } from './calls/show.js';
import { doctor } from './doctor/doctor.js';
import { events } from './events/events.js';
import { jobRun } from './jobs/run.js';
import { keysCreate } from './keys/create.js';
import { keysList } from './keys/list.js';
import { keysRevoke } from './keys/revoke.js';
import { leaseAcquire } from './leases/acquire.js';
import { leaseCancel } from './leases/cancel.js';
import { leaseComplete } from './leases/complete.js';
import { leaseExtend } from './leases/extend.js';
import { leaseFail } from './leases/fail.js';
import { leaseResult, leaseStatus } from './leases/look.js';
import { leaseReset } from './leases/reset.js';
import { lock } from './locks/lock.js';
import { policyGet } from './policy/get.js';
import { policySet } from './policy/set.js';
import { policyTemplate } from './policy/template.js';
import { policyTest } from './policy/test.js';
import { run } from './run/run.js';
import { runsList } from './runs/list.js';
import { runsNote } from './runs/note.js';
import { runsShow } from './runs/show.js';
import { toolsDelete } from './tools/delete.js';
import { toolsGet } from './tools/get.js';
import { toolsList } from './tools/list.js';
import { toolsRegister } from './tools/register.js';
import { toolsDisable, toolsEnable } from './tools/toggle.js';

/** One line for each command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  doctor,
  run,
  callsList,
  callsShow,
  callsResolve,
  runsList,
  runsShow,
  runsNote,
  events,
  policyGet,
  policySet,
  policyTemplate,
  policyTest,
  toolsList,
  toolsGet,
  toolsRegister,
  toolsEnable,
  toolsDisable,
  toolsDelete,
  agentsDisable,
  agentsEnable,
  agentsLogs,
  agentsMetrics,
  keysCreate,
  keysList,
  keysRevoke,
  lock,
  leaseAcquire,
  leaseStatus,
  leaseResult,
  leaseExtend,
  leaseComplete,
  leaseFail,
  leaseCancel,
  leaseReset,
  jobRun,
  usage,
  metrics,
  me,
  notifications,
];
