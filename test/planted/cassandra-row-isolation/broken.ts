import { Eventual, Invariant, map, Replicated } from "@faultline/runtime";

/** A row whose two columns are always written together. */
@Replicated()
@Eventual()
export class Row {
  readonly columns = map<"a" | "b", number>();

  async write(value: number): Promise<void> {
    await Promise.all([this.columns.put("a", value), this.columns.put("b", value)]);
  }

  @Invariant("both columns are of one write", { when: "converged" })
  async isolated(): Promise<boolean> {
    return (await this.columns.get("a")) === (await this.columns.get("b"));
  }
}
