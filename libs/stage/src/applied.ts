import { z } from 'zod';

const appliedQuestion = z.object({
  seq: z.number().int(),
  /** Set for the kill switch: then the permits of this agent must have been used or have run out, too. */
  agent: z.object({ tenant: z.string(), agent: z.string() }).optional(),
});
/** A gateway asks whether a change of CONFIG is in force here (rule 12). */
export type AppliedQuestion = z.output<typeof appliedQuestion>;

/** Undefined for anything that is no such question. */
export function readQuestion(text: string): AppliedQuestion | undefined {
  try {
    return appliedQuestion.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** How far the journal says that CONFIG is in force, and who waits for it. */
export class Applied {
  private seq = 0;
  private waiting: { readonly seq: number; readonly resolve: () => void }[] = [];

  /** A `config-applied` is in the journal. */
  reached(seq: number): void {
    this.seq = Math.max(this.seq, seq);
    const reached = this.waiting.filter((one) => one.seq <= this.seq);
    this.waiting = this.waiting.filter((one) => one.seq > this.seq);
    for (const one of reached) one.resolve();
  }

  async until(seq: number): Promise<void> {
    if (this.seq < seq) await new Promise<void>((resolve) => this.waiting.push({ seq, resolve }));
  }
}
