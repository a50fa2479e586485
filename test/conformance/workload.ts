import { isConflict, isIndeterminate, isUnavailable } from "../../runtime/src/index.js";
import { type Scenario, type ScenarioContext, type Session, scenario } from "../../runtime/src/simulation/index.js";
import { type Draw, drawFrom, type FaultMix } from "./fault-mixes.js";
import type { Subject, SubjectClass } from "./subject.js";

export interface Traffic {
  readonly regions: readonly string[];
  /** How many operations each session does. */
  readonly length: number;
  /** Longest pauses between two operations, in milliseconds; each schedule has one of them. */
  readonly pausesMs: readonly number[];
  /** How many of ten operations read. */
  readonly readsOfTen: number;
}

export const defaultTraffic: Traffic = {
  regions: ["nyc", "london", "tokyo"],
  length: 9,
  pausesMs: [20, 120, 500],
  readsOfTen: 5,
};

/**
 * Two objects and three sessions, of which one moves from region to region. Written values are all different, so that a
 * read tells whose write it saw. What is judged is what the level of the cells promises, and nothing else.
 */
export function trafficOn(type: SubjectClass, mix: FaultMix, traffic: Traffic, isPlain: boolean): Scenario {
  const { regions } = traffic;
  return scenario<string>("two objects and a session that moves", { regions, faults: mix.faults }, async (context) => {
    const draw = drawFrom(context);
    for (const fault of mix.drawn?.(draw, regions) ?? []) context.faults.start(fault);
    const clients = new Clients(context, draw, type, traffic, isPlain);
    await Promise.all([
      clients.works(context.session(regions[0] as string), false),
      clients.works(context.session(regions[1] as string), false),
      clients.works(context.session(draw.pick(regions)), true),
    ]);
  });
}

type Kind = "register" | "counter" | "set" | "map" | "log";

class Clients {
  private values = 0;
  private readonly pauseMs: number;
  /** What is used besides registers in this schedule: one type, so that its operations meet. */
  private readonly other: Kind;

  constructor(
    private readonly context: ScenarioContext<string>,
    private readonly draw: Draw,
    private readonly type: SubjectClass,
    private readonly traffic: Traffic,
    /** Reads and writes of registers only, for mechanisms that refuse the rest. */
    private readonly isPlain: boolean,
  ) {
    this.pauseMs = draw.pick(traffic.pausesMs);
    this.other = draw.pick(["register", "counter", "set", "map", "log"]);
  }

  async works(session: Session, moves: boolean): Promise<void> {
    const { draw, traffic, context } = this;
    for (let done = 0; done < traffic.length; done++) {
      if (moves && draw.below(3) === 0) session.moveTo(draw.pick(traffic.regions));
      const [x, y] = draw.below(10) < 6 ? ["x", "y"] : ["y", "x"];
      await tolerant(this.operation(session.open(this.type, x), session.open(this.type, y)));
      await context.sleep(draw.below(this.pauseMs));
    }
  }

  private operation(subject: Subject, other: Subject): Promise<unknown> {
    const { draw, traffic } = this;
    const reads = draw.below(10) < traffic.readsOfTen;
    const kind = draw.below(10) < 7 ? "register" : this.other;
    if (this.isPlain) return this.register(subject, reads, false);
    if (draw.below(10) === 0)
      return reads ? subject.compare(other) : subject.exchange(other, this.fresh(), this.fresh());
    switch (kind) {
      case "register":
        return this.register(subject, reads, draw.below(4) === 0);
      case "counter":
        return reads ? subject.counter.read() : subject.counter.increment(this.fresh());
      case "set":
        return this.set(subject, reads);
      case "map":
        return this.map(subject, reads);
      case "log":
        return reads ? subject.log.entries() : subject.log.append(this.fresh());
    }
  }

  private register({ register, source }: Subject, reads: boolean, updates: boolean): Promise<unknown> {
    if (reads) return register.read();
    if (source !== undefined && this.draw.below(2) === 0) return source.write(this.fresh());
    return updates ? register.update(() => this.fresh()) : register.write(this.fresh());
  }

  private set({ set }: Subject, reads: boolean): Promise<unknown> {
    if (reads) return set.values();
    return this.draw.below(3) === 0 ? set.delete(this.draw.below(this.values + 1)) : set.add(this.fresh());
  }

  private map({ map }: Subject, reads: boolean): Promise<unknown> {
    const key = this.draw.pick(["a", "b"]);
    if (reads) return this.draw.below(2) === 0 ? map.get(key) : map.entries();
    return this.draw.below(3) === 0 ? map.delete(key) : map.put(key, this.fresh());
  }

  private fresh(): number {
    return ++this.values;
  }
}

/** Refusals belong to life under faults; anything else is a mistake of this suite or of a mechanism. */
export async function tolerant(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
  });
}
