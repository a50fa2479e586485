import type { Request } from "../mechanisms/machine.js";
import type { OperationRequest } from "../simulation/trace.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A session's request, from its operation to the replica's answer. */
export interface TracedRequest {
  /** Of a commit: the id that the operations which it carries out are told by in the end. */
  readonly commit: number | undefined;
  /** Operations that it was sent for, as far as could be known then. */
  readonly operations: readonly number[];
  readonly kind: Request["kind"];
  /** Once a replica has taken it. */
  served: Mutable<OperationRequest> | undefined;
}

/** Why a message was sent. */
export interface Sent {
  readonly id: number;
  readonly after: number | undefined;
  /** The request that the chain of messages up to this one began with. */
  readonly request: TracedRequest | undefined;
}

/**
 * What brought about what, as far as the machines show it: a replica sends and answers while it handles a message or a
 * request, so these are the cause (Lamport, Time, Clocks, and the Ordering of Events, 1978, has the order that the
 * chains of them make). What it does when time has passed has none.
 */
export class Causes {
  private readonly requests = new Map<object, TracedRequest>();
  private readonly deliveries = new Map<object, Sent>();
  private handled: Sent | undefined;
  private asked: TracedRequest | undefined;
  private messages = 0;

  requested(request: Request, operations: readonly number[]): TracedRequest {
    const { kind } = request;
    const traced = { kind, commit: kind === "commit" ? request.id : undefined, operations, served: undefined };
    this.requests.set(request, traced);
    return traced;
  }

  /** A message leaves in the step that is under way. */
  sent(delivery: object): void {
    this.deliveries.set(delivery, this.newMessage());
  }

  /** What `sent` has learnt of a message; one that was dropped at once leaves in the step that is under way. */
  of(delivery: object | undefined): Sent {
    return (delivery && this.deliveries.get(delivery)) ?? this.newMessage();
  }

  began(because: object, region: string, atUs: number): void {
    this.handled = this.deliveries.get(because);
    this.deliveries.delete(because);
    this.asked = this.handled?.request ?? this.requests.get(because);
    if (this.handled === undefined && this.asked !== undefined)
      this.asked.served = {
        ...{ region, kind: this.asked.kind },
        ...{ takenUs: atUs, answeredUs: undefined, answeredAfter: undefined },
      };
  }

  stepped(): void {
    this.handled = undefined;
    this.asked = undefined;
  }

  answered(request: object, atUs: number): void {
    const served = this.requests.get(request)?.served;
    if (served === undefined) return;
    served.answeredUs = atUs;
    served.answeredAfter = this.handled?.id;
  }

  private newMessage(): Sent {
    return { id: this.messages++, after: this.handled?.id, request: this.asked };
  }
}
