import type { ServiceName } from '@tollgate/runtime';
import { eventually, type Installation, type ServiceProcess } from '../harness/index.js';
import { armedAt, FAULT_POINTS, journalOf, nthOf, takeoverPoints, type StageKind } from './fault-points.js';
import { OwnerWatch } from './owner-watch.js';
import { goesOn, standsStill } from './stands-still.js';

/** So long is any of them waited for, on the slowest machine. */
export const WITHIN_MS = 60_000;
/** Who takes over comes by its next point sooner, if it has one left. */
const TURN_MS = 8_000;
/** Passings between two points of one process. */
const GAP = 15;

/** The processes of one service, which meet their fates at its points, one after the other. */
export interface Relay {
  /** Resolves, once traffic flows, when each point that calls come by has been met. */
  run(): Promise<void>;
  /** What comes when all have: meanwhile nothing passes a stage that has no owner. */
  takeOver?(): Promise<void>;
}

/** Of a stage: each owner dies at the next point; its standby takes over, and dies at the one after that. */
export async function killedInTurn(tollgate: Installation, kind: StageKind): Promise<Relay> {
  const points = [...FAULT_POINTS[kind], ...takeoverPoints(kind)];
  const start = (turn: number): Promise<ServiceProcess> =>
    tollgate.startProcess(kind, { TOLLGATE_FAULTS: armedAt(kind, points[turn], 'kill') });
  const first = await start(0);
  await owns(first);
  const second = await start(1);
  const run = async (): Promise<void> => {
    let [owner, standby] = [first, second];
    for (const [turn, point] of points.entries()) {
      await dies(owner, point);
      [owner, standby] = [standby, await start(turn + 2)];
    }
    await owns(owner);
  };
  return { run };
}

/**
 * Of a stage: two processes stand still at every other point, each time until the other owns, and go on; then whoever takes
 * over from them does.
 */
export async function stoppedInTurn(tollgate: Installation, kind: StageKind): Promise<Relay> {
  const points = FAULT_POINTS[kind];
  const start = (parity: number): Promise<ServiceProcess> => {
    const mine = points.filter((_, i) => i % 2 === parity);
    const faults = mine.map((point, turn) => `${point}:${nthOf(kind, point) + turn * GAP}=stop`);
    return tollgate.startProcess(kind, { TOLLGATE_FAULTS: faults.join(',') });
  };
  const first = await start(0);
  await owns(first);
  const watch = await OwnerWatch.of(tollgate.nats.url, journalOf(kind));
  await eventually(`the journal says who owns ${kind}`, () => watch.owner !== '');
  const { owner: name } = watch;
  const hasJournal = (one: ServiceProcess): boolean => (one === first) === (watch.owner === name);
  const pair = [first, await start(1)];
  const run = async (): Promise<void> => {
    let nudges = 0;
    let nudged: ServiceProcess | undefined;
    for (let met = 0; met < points.length;) {
      if (!(await somebodyStandsStill(pair))) {
        if (nudges++ === points.length) throw new Error(`${kind} met ${met} of its ${points.length} points only`);
        // The one that owns has met all of its own.
        nudged = pair.find(hasJournal);
        nudged?.signal('SIGSTOP');
      }
      // An owner, until the other has taken over; or one that was shut out before, and came by a point with what it had under
      // way: the other may be waiting for it to take over.
      const isShutOut = (one: ServiceProcess): boolean => standsStill(one) && !hasJournal(one);
      await eventually(`a ${kind} that stands still is shut out`, () => pair.some(isShutOut), WITHIN_MS);
      const still = pair.find(isShutOut)!;
      if (still === nudged) nudged = undefined;
      else met += 1;
      await goesOn(still);
    }
    await watch.close();
  };
  return { run, takeOver: () => stoppedTakingOver(tollgate, kind, pair) };
}

/** Who takes over stands still in the middle of it, until another has taken over from it, and goes on. */
async function stoppedTakingOver(
  tollgate: Installation,
  kind: StageKind,
  owners: readonly ServiceProcess[],
): Promise<void> {
  let leaving = owners;
  for (const point of takeoverPoints(kind)) {
    const successor = await tollgate.startProcess(kind, { TOLLGATE_FAULTS: armedAt(kind, point, 'stop') });
    await Promise.all(leaving.map((one) => one.stop()));
    await eventually(`a ${kind} stands still at ${point}`, () => standsStill(successor), WITHIN_MS);
    const other = await tollgate.startProcess(kind);
    await owns(other);
    await goesOn(successor);
    leaving = [successor, other];
  }
}

const somebodyStandsStill = (pair: readonly ServiceProcess[]): Promise<boolean> =>
  eventually('', () => pair.some(standsStill), TURN_MS).then(
    () => true,
    () => false,
  );

export async function dies(one: ServiceProcess, point: string): Promise<void> {
  await eventually(`${one.kind} dies at ${point}`, () => one.hasExited, WITHIN_MS);
  if (one.child.signalCode !== 'SIGKILL') throw new Error(`${one.kind} ended by itself:\n${one.output.join('')}`);
}

const isOwner = (one: ServiceProcess): boolean => one.owns(one.kind as ServiceName).includes(0);

const owns = (one: ServiceProcess): Promise<void> => eventually(`a ${one.kind} owns`, () => isOwner(one), WITHIN_MS);
