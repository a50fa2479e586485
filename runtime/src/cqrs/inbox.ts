import type { ReplicatedMap } from "../cells/replicated-map.js";
import { AnnotationError } from "../errors.js";
import type { Delivery } from "./event-bus.js";
import { inTransaction } from "./in-transaction.js";

/**
 * What a subscriber does about deliveries, once each:
 *
 * ```ts
 * @Sequential() readonly received = map<string, number>();
 * readonly inbox = inbox(this.received);
 * // a subscriber: (delivery) => this.inbox.handle(delivery, () => this.letters.update(…))
 * ```
 *
 * It remembers one version a stream, however many events there are, and for good: they come in the order of versions, so
 * whatever is not after the last one was there before. From sequential up each is handled once. Below, each replica knows
 * what itself has handled.
 */
export function inbox(received: ReplicatedMap<string, number>): Inbox {
  return new Inbox(received);
}

/** Made by `inbox`. */
export class Inbox {
  readonly #received: ReplicatedMap<string, number>;

  constructor(received: ReplicatedMap<string, number>) {
    this.#received = received;
  }

  /**
   * Does the work if the delivery is the next one of its stream, and says whether it was: false for one that was
   * handled. The work and the position are one transaction, so the cells that it changes have to be of the level of the
   * inbox. What throws has not been handled.
   *
   * @throws AnnotationError for a delivery before which others are missing. Handled now, those would never be.
   */
  handle(
    { stream, version }: Pick<Delivery<unknown>, "stream" | "version">,
    work: () => Promise<unknown>,
  ): Promise<boolean> {
    return inTransaction(this.#received, "inbox", async () => {
      const last = (await this.#received.get(stream)) ?? 0;
      if (version <= last) return false;
      if (version > last + 1) throw tooEarly(stream, version, last);
      await work();
      await this.#received.put(stream, version);
      return true;
    });
  }
}

function tooEarly(stream: string, version: number, last: number): AnnotationError {
  return new AnnotationError(
    `Version ${version} of \`${stream}\` was delivered, and the last one before it was ${last}.`,
    {
      help: `Deliver in the order of versions. If all before it were handled elsewhere, put ${version - 1} into the inbox first.`,
    },
  );
}
