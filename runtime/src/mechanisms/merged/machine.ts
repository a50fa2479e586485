import type { Conflict, Effects, Ledger, Machine, MachineSetup, Request } from "../machine.js";
import { type Batch, MergedStore } from "./store.js";

/**
 * What every machine over conflict-free replicas shows of itself: its store. How mutations travel between the stores is
 * what such mechanisms differ in.
 */
export abstract class MergedMachine<Options, Message> implements Machine<Message> {
  readonly store: MergedStore;

  constructor(protected readonly setup: MachineSetup<Options>) {
    this.store = new MergedStore(setup.replica, setup.replicaCount, setup.cells, setup.disk);
  }

  abstract start(effects: Effects<Message>): void;
  abstract request(ticket: number, request: Request, effects: Effects<Message>): void;
  abstract receive(from: number, message: Message, effects: Effects<Message>): void;
  abstract timeout(timer: string, effects: Effects<Message>): void;

  /** Answers from this replica alone; what a session has changed is for the caller to spread. */
  protected serve(ticket: number, request: Request, effects: Effects<Message>): Batch | undefined {
    if (request.kind === "read") {
      effects.reply(ticket, this.store.read(request));
      return undefined;
    }
    const batch = this.store.commit(request, effects.now);
    effects.reply(
      ticket,
      batch === undefined
        ? { kind: "conflict" }
        : { kind: "committed", results: batch.mutations.map(() => undefined), seen: [] },
    );
    return batch;
  }

  peek(cell: string): unknown {
    return this.store.peek(cell);
  }

  digest(): string {
    return this.store.digest();
  }

  has(operationId: number): boolean {
    return this.store.batchWith(operationId) !== undefined;
  }

  ledger(): Ledger {
    return { kind: "mutations", commits: this.store.batches };
  }

  conflicts(): readonly Conflict[] {
    return this.store.conflicts();
  }

  siblings(cell: string): readonly unknown[] {
    return this.store.siblings(cell);
  }
}
