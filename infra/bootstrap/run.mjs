/* node infra/bootstrap/run.mjs <script below the root> [arguments]: installs and builds as needed, then runs it. */
import { runInPlace } from './forward.mjs';
import { inRoot } from './paths.mjs';
import { makeReady } from './ready.mjs';

const [script, ...args] = process.argv.slice(2);
await makeReady();
runInPlace(inRoot(script), args);
