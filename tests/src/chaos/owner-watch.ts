import type { JournalName } from '@tollgate/events';
import { Bus, decodeBatch, journalStream } from '@tollgate/journal';

/** Who owns a stage, as its journal says: what a process says of itself may be late, above all when it stands still. */
export class OwnerWatch {
  /** The last to have shut out the one before. */
  owner = '';

  private constructor(private readonly bus: Bus) {}

  static async of(natsUrl: string, journal: JournalName): Promise<OwnerWatch> {
    const bus = await Bus.connect(natsUrl, { name: 'test-owners', reconnect: false });
    const watch = new OwnerWatch(bus);
    await bus.read({
      stream: journalStream(journal, 0),
      after: 0,
      onMessage: ({ data }) => {
        for (const event of decodeBatch(data).events) {
          if (event.type === 'owner-changed') watch.owner = event.data.owner;
        }
      },
      onError: () => undefined,
    });
    return watch;
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}
