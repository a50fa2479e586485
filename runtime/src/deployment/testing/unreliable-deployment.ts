import { isAtLeast } from "../../levels.js";
import type { Reply, Request } from "../../mechanisms/machine.js";
import type { Cell, Observer, SessionState } from "../deployment.js";
import { EmbeddedDeployment } from "../embedded.js";

/** What happens to a request instead of an answer. `lost`: it is carried out, and the answer never comes. */
export type Mishap = "unavailable" | "lost" | "conflict";

/** The embedded deployment with a network that fails when a test says so, and with a record of what it was asked. */
export class UnreliableDeployment extends EmbeddedDeployment {
  readonly requests: Request[] = [];
  readonly events: string[] = [];
  /** Asked before each request. */
  mishap: (request: Request, count: number) => Mishap | undefined = () => undefined;

  override dataOf({ level }: Cell): "commands" | "merged" {
    // At causal and below the real thing merges; one copy has nothing to merge, but the requests have that form.
    return isAtLeast(level, "sequential") ? "commands" : "merged";
  }

  override async submit<T>(
    session: SessionState,
    domain: string,
    request: Request,
    take: (reply: Reply) => T,
  ): Promise<T> {
    this.requests.push(request);
    const mishap = this.mishap(request, this.requests.length);
    if (mishap === "conflict") return take({ kind: "conflict" });
    if (mishap === "unavailable") return take({ kind: "unavailable", reason: "no leader is known" });
    return super.submit(session, domain, request, (reply) =>
      take(mishap === "lost" ? { kind: "indeterminate", reason: "no answer in time" } : reply),
    );
  }

  override readonly observer: Observer = {
    callStarted: ({ object, method }) => this.note(`call ${object}.${method}`),
    callEnded: (_, { ok }) => this.note(`return ${ok ? "ok" : "error"}`),
    invoked: (_, { cell, name, level, transaction }) =>
      this.note(`${name} ${cell.label} at ${level}${transaction === undefined ? "" : " in transaction"}`),
    completed: (_, { status, operation, result }) =>
      this.note(`${status} ${JSON.stringify([operation.name, ...operation.args])} ${JSON.stringify(result)}`),
    transactionBegun: (_, { name }) => this.note(`begin ${name}`),
    transactionRetried: () => this.note("retry"),
    transactionEnded: (_, { status, commits }) => this.note(`end ${status} ${commits.map((commit) => commit.status)}`),
  };

  private note(event: string): number {
    return this.events.push(event);
  }
}
