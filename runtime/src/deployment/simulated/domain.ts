import type {
  CellDeclaration,
  CopyingEffects,
  Disk,
  Effects,
  Machine,
  Mechanism,
  Reply,
  Request,
} from "../../mechanisms/machine.js";
import type { Port } from "../../simulation/port.js";
import type { Channel } from "../../simulation/process.js";
import type { Occasion } from "../../simulation/scheduler.js";
import type { World } from "../../simulation/world.js";
import type { Cell } from "../deployment.js";
import { Deadlines, type Waiting } from "./deadlines.js";

/** `afterUs`: how long the replica is still busy with what made it answer. */
export type Answer = (reply: Reply, afterUs?: number) => void;

interface Pending extends Waiting {
  readonly replica: number;
  readonly ticket: number;
  readonly request: Request;
  readonly answer: Answer;
  readonly asker: string;
  /** The replica has it: from then on nobody but the replica knows what becomes of it. */
  isTaken: boolean;
}

/**
 * All cells of one level and mechanism configuration, with a machine on every replica. Requests come from sessions,
 * replies go back; the world carries everything in between.
 */
export class Domain {
  readonly cells = new Map<string, Cell>();
  readonly machines: (Machine<unknown> | undefined)[] = [];
  readonly replicaCount: number;
  /** What each replica keeps over a crash. */
  readonly disks: Disk[] = [];
  private readonly pending: Map<number, Pending>[] = [];
  private readonly ports: readonly Port<unknown>[];
  private readonly endpoints: Endpoint[] = [];
  /** Tickets that were answered without their replica, whose own answer comes too late. */
  private readonly givenUp = new Set<number>();
  private readonly deadlines: Deadlines<Pending>;
  /** How many each replica has given out: what another one does changes nothing about its own. */
  private readonly tickets: number[] = [];

  constructor(
    readonly name: string,
    readonly level: Cell["level"],
    readonly mechanism: Mechanism,
    readonly options: Readonly<Record<string, unknown>>,
    private readonly world: World,
    firstLeader: number,
    /** Reads what a cell is a copy of, for the node that the replica is on. */
    private readonly readOrigin: (replica: number, cell: string, timeoutUs: number, answer: Answer) => void,
  ) {
    this.deadlines = new Deadlines(
      world.scheduler,
      (pending) => this.timedOut(pending),
      (pending) => this.patienceOf(pending),
    );
    const regions = world.regions.length;
    const asked = typeof options["replicas"] === "number" ? options["replicas"] : 0;
    this.replicaCount = Math.max(mechanism.replicas?.(options, regions) ?? asked, regions);
    for (let replica = 0; replica < this.replicaCount; replica++) {
      this.disks.push(new MemoryDisk());
      this.tickets.push(0);
      this.pending.push(new Map());
    }
    const cells = { get: (key: string): CellDeclaration => this.cell(key) };
    this.ports = world.add<unknown, Effects<unknown>>({
      name,
      replicaCount: this.replicaCount,
      create: (replica) => {
        const { replicaCount } = this;
        const disk = this.disks[replica] as Disk;
        const machine = mechanism.create({ replica, replicaCount, options, cells, disk, firstLeader });
        this.machines[replica] = machine;
        return machine;
      },
      effects: (port, replica) => {
        const reply = (ticket: number, given: Reply) => this.replied(replica, ticket, given);
        const askOrigin = (cell: string, timeoutUs: number) => this.askOrigin(replica, cell, timeoutUs);
        const endpoint = new Endpoint(port, reply, askOrigin);
        this.endpoints[replica] = endpoint;
        return endpoint;
      },
    });
    for (const port of this.ports) port.onCrash = () => this.crashed(port.replica);
  }

  /** Hands a session's request to a replica, which answers at once or later, exactly once. */
  request(replica: number, request: Request, answer: Answer, asker = ""): void {
    if (!this.world.isUp(replica)) {
      answer({ kind: "unavailable", reason: `the replica in ${this.world.regionOf(replica)} is down` });
      return;
    }
    const count = this.tickets[replica] as number;
    this.tickets[replica] = count + 1;
    const ticket = count * this.replicaCount + replica;
    const pending: Pending = { replica, ticket, request, answer, asker, isTaken: false, isOpen: true, dueUs: 0 };
    this.pending[replica]?.set(ticket, pending);
    const serve = () => {
      if (this.givenUp.delete(ticket)) return;
      pending.isTaken = true;
      const endpoint = this.endpoints[replica] as Endpoint;
      this.world.listener?.began?.(request, replica);
      this.machines[replica]?.request(ticket, request, endpoint);
      this.world.listener?.stepped?.(replica, this.name);
    };
    if (!this.world.request(replica, { serve })) {
      this.close(pending);
      const reason = `the replica in ${this.world.regionOf(replica)} is overloaded: too many messages and requests wait`;
      answer({ kind: "unavailable", reason });
      return;
    }
    // A replica that stands still does not look at its clock: then it is the client that gives up.
    if (pending.isOpen) this.deadlines.add(request.timeoutUs, pending);
  }

  /** Who waits at a replica, by ticket: of two that ask the same it matters which is answered first. */
  asking(replica: number): readonly (readonly [ticket: number, asker: string])[] {
    return [...(this.pending[replica] ?? [])].map(([ticket, { asker }]) => [ticket, asker]);
  }

  private cell(key: string): Cell {
    const cell = this.cells.get(key);
    if (cell === undefined) throw new Error(`no cell ${key} in ${this.name}`);
    return cell;
  }

  private askOrigin(replica: number, cell: string, timeoutUs: number): void {
    const machine = this.machines[replica] as Machine<unknown>;
    this.readOrigin(replica, cell, timeoutUs, (reply) => {
      this.world.whenAwake(replica, () => {
        // A node that has crashed since does not remember that it asked.
        if (this.machines[replica] !== machine) return;
        machine.answered?.(cell, reply, this.endpoints[replica] as Endpoint);
        this.world.listener?.stepped?.(replica, this.name);
      });
    });
  }

  private replied(replica: number, ticket: number, reply: Reply): void {
    if (this.givenUp.delete(ticket)) return;
    const pending = this.pending[replica]?.get(ticket);
    if (pending === undefined) throw new Error(`${this.mechanism.id} answered ticket ${ticket} twice`);
    this.world.listener?.answered?.(pending.request);
    this.close(pending);
    pending.answer(reply, this.world.node(replica).serviceLeftUs);
  }

  private patienceOf(pending: Pending): Occasion {
    const { replica, ticket, dueUs } = pending;
    const place = `${this.name}/${replica}`;
    const isStale = () => !pending.isOpen;
    return { kind: "timer", key: `${place} patience ${ticket}`, content: dueUs, place, isStale };
  }

  private timedOut(pending: Pending): void {
    const { replica, ticket, request, isTaken, answer } = pending;
    this.close(pending);
    this.givenUp.add(ticket);
    const mayHappen = isTaken && request.kind === "commit";
    const reason = `the replica in ${this.world.regionOf(replica)} did not answer in time`;
    answer({ kind: mayHappen ? "indeterminate" : "unavailable", reason });
  }

  private close(pending: Pending): void {
    pending.isOpen = false;
    this.pending[pending.replica]?.delete(pending.ticket);
  }

  /** What was under way when the replica died: a read did not happen, a write nobody can vouch for. */
  private crashed(replica: number): void {
    this.machines[replica] = undefined;
    const pending = [...(this.pending[replica] as Map<number, Pending>).values()];
    for (const each of pending) this.close(each);
    const reason = `the replica in ${this.world.regionOf(replica)} crashed before it answered`;
    for (const { request, answer } of pending)
      answer({ kind: request.kind === "read" ? "unavailable" : "indeterminate", reason });
  }
}

class Endpoint implements CopyingEffects<unknown> {
  constructor(
    private readonly port: Port<unknown>,
    readonly reply: (ticket: number, reply: Reply) => void,
    readonly askOrigin: (cell: string, timeoutUs: number) => void,
  ) {}
  get now(): number {
    return this.port.now;
  }
  get steadyNow(): number {
    return this.port.steadyNow;
  }
  latencyUs(to: number): number {
    return this.port.latencyUs(to);
  }
  send(to: number, message: unknown, channel?: Channel): void {
    this.port.send(to, message, channel);
  }
  timer(timer: string, delayUs: number, spreadUs?: number): void {
    this.port.timer(timer, delayUs, spreadUs);
  }
  cancel(timer: string): void {
    this.port.cancel(timer);
  }
  note(text: string): void {
    this.port.note(text);
  }
}

class MemoryDisk implements Disk {
  private readonly files = new Map<string, unknown>();

  read(name: string): unknown {
    return this.files.get(name);
  }

  write(name: string, value: unknown): void {
    if (value === undefined) this.files.delete(name);
    else this.files.set(name, value);
  }
}
