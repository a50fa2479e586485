/** How many files were looked at: one line on a terminal, nothing at all in a pipe. */
export class CountProgress {
  #isShown = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(done: number, total: number): void {
    if (!this.stream.isTTY || !(this.stream.columns > 0)) return;
    this.#isShown = true;
    this.stream.write(`\r${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} files`);
  }

  clear(): void {
    if (this.#isShown) this.stream.write("\r\u001b[K");
    this.#isShown = false;
  }
}
