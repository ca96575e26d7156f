import { decodeJson, partitionOf, type JournalName } from '@tollgate/events';
import {
  BusError,
  JOURNALS,
  journalStream,
  watermark,
  watermarkSubject,
  type MessageBus,
  type Watermark,
} from '@tollgate/journal';

/** An owner that is there answers at once. */
const ASK_MS = 500;

/** What owners say of the ids that may still come (rule 16). */
export class Watermarks {
  constructor(
    private readonly bus: Pick<MessageBus, 'ask'>,
    private readonly partitions: number,
  ) {}

  /** By journal; without those that nobody answers for. */
  async of(tenant: string): Promise<ReadonlyMap<string, Watermark>> {
    const partition = partitionOf(tenant, this.partitions);
    const words = await Promise.all(
      JOURNALS.map(async (journal) => [journalStream(journal, partition), await this.ask(journal, partition)] as const),
    );
    return new Map(words.flatMap(([journal, word]) => (word === undefined ? [] : [[journal, word] as const])));
  }

  journalsOf(tenant: string): readonly string[] {
    const partition = partitionOf(tenant, this.partitions);
    return JOURNALS.map((journal) => journalStream(journal, partition));
  }

  private async ask(journal: JournalName, partition: number): Promise<Watermark | undefined> {
    try {
      return watermark.parse(decodeJson(await this.bus.ask(watermarkSubject(journal, partition), NOTHING, ASK_MS)));
    } catch (error) {
      if (error instanceof BusError) return undefined;
      throw error;
    }
  }
}

const NOTHING = new Uint8Array();
