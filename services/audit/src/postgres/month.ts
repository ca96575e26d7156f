/** 2025-01-01T00:00:00Z in milliseconds: event ids count microseconds from here (see `nextEventId`). */
const IDS_BEGIN_MS = Date.UTC(2025, 0, 1);

/** A month of event ids: `[from, to)`. */
export interface Month {
  /** `2026_11` */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export const monthOfId = (id: number): Month => monthOfTime(IDS_BEGIN_MS + id / 1_000);

export function monthOfTime(timeMs: number): Month {
  const at = new Date(Math.max(timeMs, IDS_BEGIN_MS));
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  return {
    name: `${String(year)}_${String(month + 1).padStart(2, '0')}`,
    from: idOf(Date.UTC(year, month, 1)),
    to: idOf(Date.UTC(year, month + 1, 1)),
  };
}

const idOf = (timeMs: number): number => (timeMs - IDS_BEGIN_MS) * 1_000;
