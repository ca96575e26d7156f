/* All six services in one process: what `npm start` runs. One each are their own main.js. */
import { auditService } from '@tollgate/audit';
import { budgetService } from '@tollgate/budget';
import { dispatcherService } from '@tollgate/dispatcher';
import { gatewayService } from '@tollgate/gateway';
import { leaseService } from '@tollgate/lease';
import { policyService } from '@tollgate/policy';
import { runProcess } from '@tollgate/runtime';

await runProcess([gatewayService, policyService, leaseService, budgetService, dispatcherService, auditService]);
