import { Linearizable, Replicated, register } from "@faultline/runtime";

/** A register, as the analysis tests it. */
@Replicated()
export class Register {
  @Linearizable()
  readonly value = register(0);

  async read(): Promise<number> {
    return await this.value.read();
  }

  async write(value: number): Promise<void> {
    await this.value.write(value);
  }
}
