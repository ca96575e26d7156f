/**
 * Named points at which a test can make a process die, stop, fail or dawdle, to show that a guarantee survives exactly
 * there. They are armed by the setting TOLLGATE_FAULTS and cost one comparison when none is.
 */
export type FaultAction =
  | { readonly kind: 'kill' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'delay'; readonly ms: number };

export interface ArmedFault {
  readonly point: string;
  /** Acts only when the point is reached for the nth time (from 1); undefined acts every time. */
  readonly nth: number | undefined;
  readonly action: FaultAction;
}

export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly code = 'injected_fault';
}

const FAULT = /^([a-z0-9.-]+)(?::([1-9]\d{0,8}))?=(kill|stop|throw|delay(\d{1,6}))$/;

/** Reads `name[:nth]=kill|stop|throw|delay<ms>`, separated by commas. Throws on anything else. */
export function parseFaults(text: string): readonly ArmedFault[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseFault);
}

let armed: ReadonlyMap<string, readonly ArmedFault[]> | undefined;
const reached = new Map<string, number>();

/** Arms these and no others; an empty list disarms all. Counting starts again. */
export function armFaults(faults: readonly ArmedFault[]): void {
  reached.clear();
  armed = faults.length === 0 ? undefined : Map.groupBy(faults, ({ point }) => point);
}

/** Place it where a crash would hurt most, with the race it shows in a comment. */
export function faultPoint(point: string): Promise<void> | undefined {
  return armed === undefined ? undefined : reach(point, armed.get(point) ?? []);
}

async function reach(point: string, faults: readonly ArmedFault[]): Promise<void> {
  const times = (reached.get(point) ?? 0) + 1;
  reached.set(point, times);
  for (const { nth, action } of faults) {
    if (nth === undefined || nth === times) await act(point, action);
  }
}

async function act(point: string, action: FaultAction): Promise<void> {
  switch (action.kind) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return await never();
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return;
    case 'throw':
      throw new FaultError(`fault point ${point}`);
    case 'delay':
      return await new Promise((resolve) => setTimeout(resolve, action.ms));
  }
}

/** The signal arrives a moment later; nothing behind the point may run until then. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function parseFault(entry: string): ArmedFault {
  const [matched, point = '', nth, action = '', ms] = FAULT.exec(entry) ?? [];
  if (matched === undefined) throw new RangeError('not a fault');
  return { point, nth: nth === undefined ? undefined : Number(nth), action: parseAction(action, ms) };
}

function parseAction(action: string, ms: string | undefined): FaultAction {
  if (ms !== undefined) return { kind: 'delay', ms: Number(ms) };
  return { kind: action as 'kill' | 'stop' | 'throw' };
}
