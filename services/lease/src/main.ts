import 'reflect-metadata';
import { runProcess } from '@tollgate/runtime';
import { leaseService } from './index.js';

await runProcess([leaseService]);
