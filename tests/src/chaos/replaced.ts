import type { ServiceName } from '@tollgate/runtime';
import { eventually, type Installation, type ServiceProcess } from '../harness/index.js';
import { armedAt, FAULT_POINTS } from './fault-points.js';
import { dies, WITHIN_MS, type Relay } from './relay.js';
import { goesOn, standsStill } from './stands-still.js';

/** Longer than the silence after which another owns, than every permit, and than a process needs to start. */
const STANDS_STILL_MS = 4_000;

/** Of a service that owns nothing: each process dies at the next point, and another is started in its place. */
export async function killedAndReplaced(tollgate: Installation, kind: ServiceName): Promise<Relay> {
  const { points, start } = placeOf(tollgate, kind, 'kill');
  let one = await start(0);
  const run = async (): Promise<void> => {
    for (const [turn, point] of points.entries()) {
      await dies(one, point);
      one = await start(turn + 1);
    }
  };
  return { run };
}

/** Of a service that owns nothing: each process stands still at the next point until another has done its work, and goes on. */
export async function stoppedAndReplaced(tollgate: Installation, kind: ServiceName): Promise<Relay> {
  const { points, start } = placeOf(tollgate, kind, 'stop');
  let one = await start(0);
  const run = async (): Promise<void> => {
    for (const [turn, point] of points.entries()) {
      const still = one;
      await eventually(`${kind} stands still at ${point}`, () => standsStill(still), WITHIN_MS);
      const [next] = await Promise.all([start(turn + 1), passed(STANDS_STILL_MS)]);
      await goesOn(still);
      await passed(500);
      await still.stop();
      one = next;
    }
  };
  return { run };
}

function placeOf(tollgate: Installation, kind: ServiceName, fate: 'kill' | 'stop') {
  const points = FAULT_POINTS[kind];
  const start = (turn: number): Promise<ServiceProcess> =>
    tollgate.startProcess(kind, { TOLLGATE_FAULTS: armedAt(kind, points[turn], fate) });
  return { points, start };
}

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
