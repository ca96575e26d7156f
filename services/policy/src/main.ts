import 'reflect-metadata';
import { runProcess } from '@tollgate/runtime';
import { policyService } from './index.js';

await runProcess([policyService]);
