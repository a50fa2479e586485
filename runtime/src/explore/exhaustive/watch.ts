import { type Agenda, type Step, sharedPlace } from "../../simulation/agenda.js";
import { Port } from "../../simulation/port.js";
import type { Occasion } from "../../simulation/scheduler.js";
import { World } from "../../simulation/world.js";
import type { Seen } from "../schedule.js";
import { StructuralHash } from "./structural-hash.js";

/** What is known of a state, so that the next one is made of it and of what the step between them has touched. */
export interface Memory {
  /** By flow of user code: what it has asked and been told, in that order. */
  readonly told: Map<string, number>;
  /** How often each flow was answered. */
  readonly answers: Map<string, number>;
  /** By process: all that it holds. */
  readonly places: Map<string, number>;
  /** By key: what waits to happen. */
  readonly identities: Map<string, number>;
}

/**
 * Tells in which state a schedule is: all that decides how it can go on and what it will be judged by. User code is a
 * function of what it was told, so that what each of its flows has asked and been told, in that order, stands for it.
 */
export class Watch {
  private readonly hashing = new StructuralHash((value) => value instanceof Port || value instanceof World);
  private agenda: Agenda | undefined;
  private seen: Seen | undefined;
  private memory = newMemory();
  /** Off as long as a schedule only repeats what is known. */
  private isListening = true;
  /** By flow and what it has been told, what it asked then. */
  private readonly asked = new Map<number, number>();
  /** Sessions that were told the same asked otherwise: they know of each other, by variables of a module perhaps. */
  sharesMemory = false;
  /** A guarantee is judged that speaks of which operation ended before another one began. */
  hasRealTime = false;

  /** A schedule is about to be run; `isKnown`: as far as it was run before, `recall` says what is known of it. */
  attach(agenda: Agenda, isKnown: boolean): void {
    this.agenda = agenda;
    this.memory = newMemory();
    this.isListening = !isKnown;
    agenda.onAsked = (flow, what) => {
      if (!this.isListening) return;
      const { answers, told } = this.memory;
      // What user code has seen of clocks and of chance is nobody's secret.
      this.compare(this.hashing.of([flow, told.get(flow), told.get(sharedPlace)]), this.hashing.of(what));
      this.tell(flow, this.hasRealTime ? [what, [...answers].sort(byName)] : what);
    };
    agenda.onTold = (flow, what) => {
      if (!this.isListening) return;
      const { answers } = this.memory;
      if (flow !== sharedPlace) answers.set(flow, (answers.get(flow) ?? 0) + 1);
      this.tell(flow, what);
    };
  }

  begin(seen: Seen): void {
    this.seen = seen;
    const { cells } = seen.deployment;
    // Flows that share memory are one, which has all of it in its order.
    this.hasRealTime =
      seen.isGenerated && !this.sharesMemory && [...cells.values()].some(({ level }) => level === "linearizable");
  }

  /** From here on it goes where it has not been. */
  recall({ told, answers, places, identities }: Memory): void {
    this.memory = {
      told: new Map(told),
      answers: new Map(answers),
      places: new Map(places),
      identities: new Map(identities),
    };
    this.isListening = true;
  }

  /** Of the state that was asked for last. */
  get known(): Memory {
    const { told, answers, places, identities } = this.memory;
    return {
      told: new Map(told),
      answers: new Map(answers),
      places: new Map(places),
      identities: new Map(identities),
    };
  }

  /** `step`: what came between this state and the one that was asked for last. */
  stateAfter({ places, isAnywhere }: Step): number {
    const { agenda, seen, hashing, memory } = this;
    if (seen === undefined || agenda === undefined) throw new Error("nothing runs");
    const parts: unknown[] = [agenda.nowUs, agenda.ticksUs, agenda.timersLeft];
    for (const flow of [...memory.told.keys()].sort()) parts.push(flow, memory.told.get(flow));
    parts.push(agenda.occasions.map((occasion) => this.identify(occasion)).sort((a, b) => a - b));
    for (const { kind, name } of seen.findings) parts.push(kind, name);
    for (const domain of seen.deployment.domains.values()) {
      const { name, machines, disks, replicaCount } = domain;
      for (let replica = 0; replica < replicaCount; replica++) {
        const place = `${name}/${replica}`;
        let hash = isAnywhere || places.has(place) ? undefined : memory.places.get(place);
        if (hash === undefined) {
          hash = hashing.of([machines[replica], disks[replica], domain.asking(replica)]);
          memory.places.set(place, hash);
        }
        parts.push(place, hash);
      }
    }
    return hashing.of(parts);
  }

  /** The same for what is the same in any schedule that has come to this state. */
  identify({ kind, key, content, place }: Occasion): number {
    const known = this.memory.identities.get(key);
    if (known !== undefined) return known;
    // How many were sent before it is no matter of the state.
    const identity = this.hashing.of([kind, key.slice(0, key.lastIndexOf("#")), content, place]);
    this.memory.identities.set(key, identity);
    return identity;
  }

  private compare(told: number, what: number): void {
    const before = this.asked.get(told);
    if (before === undefined) this.asked.set(told, what);
    else if (before !== what) this.sharesMemory = true;
  }

  private tell(flow: string, what: unknown): void {
    const { told } = this.memory;
    told.set(flow, this.hashing.after(told.get(flow) ?? 0, what));
  }
}

const newMemory = (): Memory => ({
  told: new Map(),
  answers: new Map(),
  places: new Map(),
  identities: new Map(),
});

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);
