import type { Prepare, Promised, Suspicion, SuspicionReply, View } from "./messages.js";
import type { Replica } from "./replica.js";
import { detectionSpreadUs, detectionUs } from "./timing.js";

/**
 * How a replica becomes primary. Fenced, a majority promises to follow no earlier epoch and tells the last view; only a
 * member of that may take over, since only members are sure to have every acknowledged write (with `sync`). The views so
 * form a register that a majority holds (Rystsov, CASPaxos, 2018). Unfenced, whoever believes it should just begins.
 */
export class Takeover {
  /** Promises for the epoch that this replica tries to begin: by replica, the last view that each knows of. */
  private promises: Map<number, View> | undefined;
  private agreeing: Set<number> | undefined;
  /** An operator has ordered it, in this epoch. */
  private orderedIn: number | undefined;
  private quietSinceUs = 0;

  constructor(private readonly replica: Replica) {}

  get isUnderWay(): boolean {
    return this.promises !== undefined || this.orderedIn !== undefined;
  }

  begin(): void {
    this.watch();
    const { state, isFenced, options } = this.replica;
    // With automatic failover the others may have a primary by now, whom a fresh epoch would depose: first comes silence.
    const mayHaveSuccessor = isFenced && options.failover === "automatic";
    if (!state.isNew && !mayHaveSuccessor) this.resume();
  }

  /** From now on a silence makes this replica act. */
  watch(): void {
    this.quietSinceUs = this.replica.effects.steadyNow;
    this.setTimer(detectionUs);
  }

  /** A primary of this epoch gives signs of life. */
  heard(epoch: number): void {
    this.quietSinceUs = this.replica.effects.steadyNow;
    this.abandon();
    if (this.orderedIn !== undefined && epoch > this.orderedIn) this.orderedIn = undefined;
  }

  abandon(): void {
    this.promises = undefined;
    this.agreeing = undefined;
  }

  /** This replica is primary. */
  end(): void {
    this.abandon();
    this.orderedIn = undefined;
    this.replica.effects.cancel("watch");
  }

  /** An operator's order. False if there is nothing to do. */
  promote(): boolean {
    const { replica } = this;
    if (replica.primacy !== undefined) return false;
    replica.effects.note("is ordered to become primary");
    this.orderedIn = replica.epoch;
    this.stand();
    return true;
  }

  timeout(): void {
    const { replica } = this;
    if (replica.primacy !== undefined) return;
    const leftUs = detectionUs - this.quietUs();
    if (leftUs > 0 && this.orderedIn === undefined) {
      this.setTimer(leftUs);
      return;
    }
    this.setTimer(detectionUs);
    if (this.orderedIn !== undefined) this.stand();
    else if (replica.options.failover === "automatic") this.suspect();
    else this.resume();
  }

  suspicion(from: number, { epoch }: Suspicion): void {
    const agrees = this.replica.primacy === undefined && this.quietUs() >= detectionUs;
    this.replica.send(from, { kind: "suspicionReply", epoch, agrees });
  }

  suspicionReply(from: number, { epoch, agrees }: SuspicionReply): void {
    if (!agrees || epoch !== this.replica.epoch || this.agreeing === undefined) return;
    this.agreeing.add(from);
    if (this.agreeing.size < this.replica.majority) return;
    this.agreeing = undefined;
    this.stand();
  }

  prepare(from: number, { epoch }: Prepare): void {
    const { replica } = this;
    if (epoch <= replica.epoch) {
      replica.send(from, { kind: "acknowledgement", epoch: replica.epoch, matched: 0, version: 0, round: 0 });
      return;
    }
    replica.enterEpoch(epoch);
    this.quietSinceUs = replica.effects.steadyNow;
    replica.send(from, { kind: "promised", epoch, view: replica.view });
  }

  promised(from: number, { epoch, view }: Promised): void {
    const { promises, replica } = this;
    if (promises === undefined || epoch !== replica.epoch) return;
    promises.set(from, view);
    if (promises.size >= replica.majority) this.decide(promises);
  }

  /** The primary of the last view that it knows of is this replica itself, which was away: it goes on if it may. */
  private resume(): void {
    const { replica } = this;
    if (replica.view.primary !== replica.self) return;
    if (replica.isFenced) this.stand();
    // Nobody has to agree, and so nobody tells it that it was replaced until it hears the new one.
    else if (replica.view.epoch === replica.epoch) replica.lead(replica.view);
  }

  private suspect(): void {
    const { replica } = this;
    replica.primary = undefined;
    this.agreeing = new Set([replica.self]);
    replica.broadcast({ kind: "suspicion", epoch: replica.epoch });
    if (replica.majority === 1) this.stand();
  }

  private stand(): void {
    const { replica } = this;
    const { self, replicaCount, view, peers } = replica;
    // Epochs of different replicas are different numbers.
    let epoch = replica.epoch + 1;
    while (epoch % replicaCount !== self) epoch++;
    replica.enterEpoch(epoch);
    if (!replica.isFenced) {
      const members = [self, ...peers].sort((a, b) => a - b);
      replica.lead({ epoch, version: 1, primary: self, members });
      return;
    }
    this.promises = new Map([[self, view]]);
    replica.broadcast({ kind: "prepare", epoch });
    if (replica.majority === 1) this.decide(this.promises);
  }

  private decide(promises: Map<number, View>): void {
    const { replica } = this;
    const { self, epoch } = replica;
    const last = latest([...promises.values()]);
    this.promises = undefined;
    const isWanted = last.primary === self || this.orderedIn !== undefined || replica.options.failover === "automatic";
    if (!isWanted || !last.members.includes(self)) {
      replica.effects.note("does not become primary: it is not in the last view, or was replaced");
      this.orderedIn = undefined;
      return;
    }
    // The old primary is most likely gone. If it is not, it is taken in again once it has caught up.
    const members = last.members.filter(
      (member) => member !== last.primary || promises.has(member) || replica.options.acknowledge !== "sync",
    );
    replica.lead({ epoch, version: 1, primary: self, members });
  }

  private quietUs(): number {
    return this.replica.effects.steadyNow - this.quietSinceUs;
  }

  private setTimer(delayUs: number): void {
    this.replica.effects.timer("watch", delayUs, detectionSpreadUs);
  }
}

function latest(views: readonly View[]): View {
  return views.reduce((last, view) =>
    view.epoch > last.epoch || (view.epoch === last.epoch && view.version > last.version) ? view : last,
  );
}
