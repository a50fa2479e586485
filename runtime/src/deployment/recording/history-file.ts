import type { FileSystem } from "../embedded-node.js";

/** What waits to be written, in characters, before the disk is said not to keep up. */
const mostWaiting = 64 * 1024 * 1024;

/**
 * Lines that go to a file while the program goes on: nobody waits for the disk but whoever ends the recording. What goes
 * wrong is told once, and from then on nothing is written.
 */
export class HistoryFile {
  hasFailed = false;
  private readonly descriptor: number | undefined;
  private readonly encoder = new TextEncoder();
  private waiting: string[] = [];
  private waitingLength = 0;
  /** On its way to the disk, from `position` on. */
  private underWay: Uint8Array | undefined;
  private position = 0;
  private isClosed = false;
  private whenIdle: (() => void) | undefined;

  constructor(
    private readonly fs: FileSystem,
    file: string,
    header: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.descriptor = this.attempt(() => fs.openSync(file, "w"));
    // Whatever becomes of the process, the file says what it is.
    const { descriptor } = this;
    if (descriptor !== undefined) this.attempt(() => this.writeAtOnce(descriptor, this.encoder.encode(`${header}\n`)));
  }

  write(line: string): void {
    if (this.isClosed || this.hasFailed) return;
    this.waiting.push(`${line}\n`);
    this.waitingLength += line.length + 1;
    if (this.waitingLength > mostWaiting) this.fail(new Error("The disk does not keep up with what is recorded."));
    else if (this.underWay === undefined) this.send(this.taken());
  }

  /** Resolves when everything has been handed to the disk. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.underWay !== undefined)
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    const { descriptor } = this;
    if (descriptor === undefined) return;
    await new Promise<void>((resolve) =>
      this.fs.close(descriptor, (error) => {
        if (error) this.fail(error);
        resolve();
      }),
    );
  }

  /** At the end of the process, when nothing can be waited for. What is under way is written again, to the same place. */
  closeAtOnce(): void {
    const { descriptor } = this;
    if (descriptor === undefined || this.isClosed) return;
    this.isClosed = true;
    this.attempt(() => {
      for (const bytes of [this.underWay, this.taken()]) if (!this.hasFailed) this.writeAtOnce(descriptor, bytes);
      this.fs.closeSync(descriptor);
    });
  }

  private writeAtOnce(descriptor: number, bytes: Uint8Array = new Uint8Array()): void {
    for (let from = 0; from < bytes.length; ) {
      const written = this.fs.writeSync(descriptor, bytes, from, bytes.length - from, this.position);
      from += written;
      this.position += written;
    }
  }

  private send(bytes: Uint8Array): void {
    const { descriptor } = this;
    if (descriptor === undefined) return;
    this.underWay = bytes;
    this.fs.write(descriptor, bytes, 0, bytes.length, this.position, (error, written) => {
      this.underWay = undefined;
      if (error) this.fail(error);
      this.position += written ?? 0;
      if (!this.hasFailed && written < bytes.length) this.send(bytes.subarray(written));
      else if (!this.hasFailed && this.waiting.length > 0) this.send(this.taken());
      else this.whenIdle?.();
    });
  }

  private taken(): Uint8Array {
    const bytes = this.encoder.encode(this.waiting.join(""));
    this.waiting = [];
    this.waitingLength = 0;
    return bytes;
  }

  private attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private fail(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.waiting = [];
    this.onError(error);
  }
}
