import { Invariant, Linearizable, log, Replicated, Transaction } from "@faultline/runtime";

interface Booking {
  readonly table: string;
  readonly guest: string;
}

/** Tonight's bookings of a restaurant. */
@Replicated()
@Linearizable()
export class Restaurant {
  readonly bookings = log<Booking>();

  @Transaction()
  async book(table: "window" | "garden" | "bar", guest: string): Promise<void> {
    const bookings = await this.bookings.entries();
    if (bookings.some((booking) => booking.table === table)) throw new Error("taken");
    await this.bookings.append({ table, guest });
  }

  @Invariant("no table is booked twice", { when: "converged" })
  async distinct(): Promise<boolean> {
    const tables = (await this.bookings.entries()).map(({ table }) => table);
    return new Set(tables).size === tables.length;
  }
}
