import { causalBroadcast, log, Replicated, Sequential } from "@faultline/runtime";

/** Whose move counts. */
@Replicated()
export class Board {
  @Sequential({ mechanism: causalBroadcast() })
  readonly moves = log<string>();

  async move(square: string): Promise<readonly string[]> {
    await this.moves.append(square);
    return await this.moves.entries();
  }
}
