import 'reflect-metadata';
import { runProcess } from '@tollgate/runtime';
import { dispatcherService } from './index.js';

await runProcess([dispatcherService]);
