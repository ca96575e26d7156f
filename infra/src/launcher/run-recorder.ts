import { rm } from 'node:fs/promises';
import { writeRunRecord } from './run-record.js';
import type { Running } from './run-record.js';

/** Keeps the record of what runs up to date: one write at a time, the last one wins. */
export class RunRecorder {
  private writing: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(
    private readonly file: string,
    private readonly running: () => readonly Running[],
  ) {}

  readonly update = (): void => {
    if (this.closed) return;
    if (this.writing !== undefined) this.again = true;
    else this.writing = this.write();
  };

  /** Nothing runs any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
    await rm(this.file, { force: true });
  }

  private async write(): Promise<void> {
    do {
      this.again = false;
      await writeRunRecord(this.file, this.running()).catch(() => undefined); // it serves --status, not the run
    } while (this.again);
    this.writing = undefined;
  }
}
