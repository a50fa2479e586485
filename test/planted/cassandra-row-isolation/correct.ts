import { Eventual, Invariant, Replicated, register } from "@faultline/runtime";

/** A row that is one value. */
@Replicated()
@Eventual()
export class Row {
  readonly columns = register({ a: 0, b: 0 });

  async write(value: number): Promise<void> {
    await this.columns.write({ a: value, b: value });
  }

  @Invariant("both columns are of one write", { when: "converged" })
  async isolated(): Promise<boolean> {
    const { a, b } = await this.columns.read();
    return a === b;
  }
}
