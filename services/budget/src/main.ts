import 'reflect-metadata';
import { runProcess } from '@tollgate/runtime';
import { budgetService } from './index.js';

await runProcess([budgetService]);
