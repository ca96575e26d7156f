import type { ConfigReader, ConfigState } from '@tollgate/journal';
import type { BusLink } from '../bus/bus-link.js';

/** CONFIG as this gateway has folded it, and the way to be sure that it is the newest. */
export class CurrentConfig {
  constructor(
    private readonly reader: ConfigReader,
    private readonly link: Pick<BusLink, 'mustBeUp'>,
  ) {}

  get state(): ConfigState {
    return this.reader.state;
  }

  /** Everything that was written before this began is folded when it ends. Throws when the bus is out of reach. */
  async readToEnd(): Promise<void> {
    this.link.mustBeUp();
    await this.reader.readToEnd();
  }

  async reached(seq: number): Promise<void> {
    await this.reader.reached(seq);
  }
}
