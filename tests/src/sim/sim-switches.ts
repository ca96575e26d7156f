import type { World } from './world.js';

export type To = 'on' | 'off';

/** What somebody was told to be so: from then on, until somebody asks for the opposite. */
export interface Told {
  readonly tenant: string;
  /** The agent or the tool. */
  readonly name: string;
  readonly to: To;
  /** True times, ms. */
  readonly heardAt: number;
  until: number;
  /** The time that was answered, ms; of a disabled agent. */
  readonly answered?: number;
}

/** An answer; `told` is false where it does not say that this is so. */
export interface Turned {
  readonly told: boolean;
  readonly answered?: number;
}

/** Things that people turn on and off: what they were told about them, as far as nobody else turned them meanwhile. */
export class SimSwitches {
  readonly told: Told[] = [];
  private readonly begun = new Map<string, number>();
  /** Asked for and not confirmed: it may still take effect. */
  private readonly open = new Map<string, number>();

  constructor(private readonly world: World) {}

  /** Undefined when it is not confirmed. */
  async turn(
    tenant: string,
    name: string,
    to: To,
    ask: () => Promise<Turned | undefined>,
  ): Promise<Turned | undefined> {
    for (const one of this.told) {
      if (one.tenant === tenant && one.name === name && one.to !== to) one.until = Math.min(one.until, this.world.now);
    }
    const [mine, opposite] = to === 'on' ? ['on', 'off'] : ['off', 'on'];
    const [key, other] = [`${tenant} ${name} ${mine}`, `${tenant} ${name} ${opposite}`];
    const begunBefore = this.begun.get(other);
    const isAlone = (this.open.get(other) ?? 0) === 0;
    add(this.begun, key, 1);
    add(this.open, key, 1);
    const turned = await ask();
    if (turned === undefined) return undefined;
    add(this.open, key, -1);
    if (turned.told && isAlone && this.begun.get(other) === begunBefore) {
      const { answered } = turned;
      const heardAt = this.world.now;
      this.told.push({ tenant, name, to, heardAt, until: Infinity, ...(answered === undefined ? {} : { answered }) });
    }
    return turned;
  }
}

function add(counts: Map<string, number>, key: string, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}
