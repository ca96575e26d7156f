import { runProcess } from '@tollgate/runtime';
import { gatewayService } from './gateway.js';

await runProcess([gatewayService]);
