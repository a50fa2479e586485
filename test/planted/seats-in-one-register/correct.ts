import { Eventual, Invariant, log, map, Replicated } from "@faultline/runtime";

/** Seats of a show; each is taken by whoever comes first at the counter that sells it. */
@Replicated()
@Eventual()
export class Show {
  readonly taken = map<string, string>();
  readonly tickets = log<string>();

  async take(seat: "A1" | "A2" | "A3" | "B1" | "B2", guest: string): Promise<void> {
    await this.taken.put(seat, guest);
    await this.tickets.append(seat);
  }

  @Invariant("every ticket has its seat", { when: "converged" })
  async seated(): Promise<boolean> {
    const taken = new Map(await this.taken.entries());
    return (await this.tickets.entries()).every((seat) => taken.has(seat));
  }
}
