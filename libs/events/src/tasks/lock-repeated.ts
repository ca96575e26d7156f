import { z } from 'zod';
import { defineEvent } from '../event.js';
import { reply } from './command.js';
import { credits, lock } from './task.js';

/** A key was locked already: the duplicate is charged. In LEASE. */
export const lockRepeated = defineEvent('lock-repeated', 1, z.object({ lock, credits, reply }));
