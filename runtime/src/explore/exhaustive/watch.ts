import type { Agenda } from "../../simulation/agenda.js";
import { Port } from "../../simulation/port.js";
import type { Occasion } from "../../simulation/scheduler.js";
import { World } from "../../simulation/world.js";
import type { Seen } from "../schedule.js";
import { StructuralHash } from "./structural-hash.js";

const hashing = new StructuralHash((value) => value instanceof Port || value instanceof World);

/**
 * Tells in which state a schedule is: all that decides how it can go on and what it will be judged by. User code is a
 * function of what it was told, so that what each of its flows has asked and been told, in that order, stands for it.
 */
export class Watch {
  private seen: Seen | undefined;
  /** By flow of user code. */
  private readonly told = new Map<string, number>();
  /** How often each flow was answered. */
  private readonly answers = new Map<string, number>();
  /** A guarantee is judged that speaks of which operation ended before another one began. */
  hasRealTime = false;

  constructor(private readonly agenda: Agenda) {
    agenda.onAsked = (flow, what) => this.tell(flow, this.hasRealTime ? [what, [...this.answers].sort(byName)] : what);
    agenda.onTold = (flow, what) => {
      this.answers.set(flow, (this.answers.get(flow) ?? 0) + 1);
      this.tell(flow, what);
    };
  }

  begin(seen: Seen): void {
    this.seen = seen;
    const { cells } = seen.deployment;
    // Flows that share memory are one, which has all of it in its order.
    this.hasRealTime = seen.isGenerated && [...cells.values()].some(({ level }) => level === "linearizable");
  }

  get state(): number {
    const { agenda, seen } = this;
    if (seen === undefined) throw new Error("nothing runs");
    const { deployment, findings } = seen;
    const parts: unknown[] = [agenda.nowUs, agenda.ticksUs, agenda.timersLeft];
    for (const flow of [...this.told.keys()].sort()) parts.push(flow, this.told.get(flow));
    parts.push(agenda.occasions.map((occasion) => this.identify(occasion)).sort((a, b) => a - b));
    for (const { kind, name } of findings) parts.push(kind, name);
    for (const { name, machines, disks } of deployment.domains.values()) parts.push(name, machines, disks);
    return hashing.of(parts);
  }

  /** The same for what is the same in any schedule that has come to this state. */
  identify({ kind, key, content, place }: Occasion): number {
    // How many were sent before it is no matter of the state.
    return hashing.of([kind, key.slice(0, key.lastIndexOf("#")), content, place]);
  }

  private tell(flow: string, what: unknown): void {
    this.told.set(flow, hashing.after(this.told.get(flow) ?? 0, what));
  }
}

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);
