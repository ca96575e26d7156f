import 'reflect-metadata';
import { runProcess } from '@tollgate/runtime';
import { auditService } from './index.js';

await runProcess([auditService]);
