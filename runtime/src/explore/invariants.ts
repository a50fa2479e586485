import { type AssignLevel, type Openable, openIn } from "../cells/open.js";
import { metadataOf } from "../decorators/metadata.js";
import type { Cell, Deployment, Observer, OperationStart, SessionState } from "../deployment/deployment.js";
import { silentObserver } from "../deployment/silent-observer.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Reply, Request } from "../mechanisms/machine.js";
import { type Reading as Found, readingOf } from "./judging.js";
import { evaluate, type Predicate } from "./predicates.js";
import type { Finding } from "./violation.js";

interface Invariant {
  readonly name: string;
  readonly type: Openable<object>;
  readonly method: string | symbol;
  readonly isStatic: boolean;
  readonly when: "always" | "converged";
}

/** What an invariant has read on a replica. */
interface Reading {
  readonly domain: string;
  readonly cell: string;
  readonly state: unknown;
}

/**
 * `@Invariant` methods of every class that was opened. `always`: judged after each completed operation on an instant
 * snapshot of each replica that changed, without messages and outside the history. `converged`: judged after quiescence
 * in each region. One that reads cells of different levels, which no replica ever shows together, is judged `converged`
 * only.
 */
export class Invariants {
  private readonly byType = new Map<unknown, readonly Invariant[]>();
  private readonly mixed = new Set<Invariant>();
  /** Names of those that were judged on a snapshot. */
  readonly judged = new Set<string>();
  /** By invariant, object and replica, what was read when it was judged last: while that stands, so does the judgement. */
  private readonly readings = new Map<Invariant, Map<string, readonly Reading[]>>();
  /** Asked at every turn: so many identities were there when it was last looked up. */
  private alwaysAmong = 0;
  private foundAlways = false;

  constructor(
    private readonly deployment: SimulatedDeployment,
    private readonly found: (finding: Finding) => void,
  ) {}

  /** What is to be judged in this region now that everything has settled. */
  converged(session: SessionState): readonly { readonly name: string; readonly predicate: Predicate }[] {
    const judged: { name: string; predicate: Predicate }[] = [];
    for (const [type, ids] of this.identitiesByType())
      for (const invariant of this.of(type)) {
        if (invariant.when === "always" && !this.mixed.has(invariant)) continue;
        for (const subjects of subjectsOf(invariant, ids))
          judged.push({ name: invariant.name, predicate: () => callOn(invariant, session, subjects) });
      }
    return judged;
  }

  /** Begins to judge what has to hold always. Everything it waits for is ready within one turn of the event loop. */
  async judgeNow(): Promise<void> {
    for (const [type, ids] of this.identitiesByType())
      for (const invariant of this.of(type)) {
        if (invariant.when === "converged" || this.mixed.has(invariant)) continue;
        for (const subjects of subjectsOf(invariant, ids))
          for (let replica = 0; replica < this.deployment.regions.length; replica++)
            await this.judgeSnapshot(invariant, subjects, replica);
      }
  }

  /** Whether any class that was opened has an invariant: then something is judged, however early the body ended. */
  get areThere(): boolean {
    return [...this.deployment.identities.values()].some(({ type }) => this.of(type).length > 0);
  }

  /** Whether any class that was opened has an invariant that holds always. */
  get hasAlways(): boolean {
    const { identities } = this.deployment;
    if (this.alwaysAmong !== identities.size) {
      this.alwaysAmong = identities.size;
      this.foundAlways = [...identities.values()].some(({ type }) =>
        this.of(type).some((invariant) => invariant.when === "always"),
      );
    }
    return this.foundAlways;
  }

  private async judgeSnapshot(invariant: Invariant, ids: readonly string[], replica: number): Promise<void> {
    const readings = this.readingsOf(invariant);
    const subject = JSON.stringify([replica, ...ids]);
    const isUnchanged = (reading: Reading) =>
      Object.is(this.look(reading.domain, reading.cell, replica), reading.state);
    if (readings.get(subject)?.every(isUnchanged) === true) return;
    const region = this.deployment.regions[replica] as string;
    const snapshot = new Snapshot(this.deployment, (domain, cell) => this.look(domain, cell, replica));
    const session: SessionState = { id: -1, region, seen: new Map(), deployment: snapshot };
    const where = { region, when: "at every moment", site: undefined, reads: () => snapshot.found() };
    const judged = await evaluate(invariant.name, () => callOn(invariant, session, ids), where);
    readings.set(subject, snapshot.readings);
    if (judged.outcome !== "unjudged") this.judged.add(invariant.name);
    if (snapshot.levels.size > 1) this.mixed.add(invariant);
    else if (judged.outcome === "fails") this.found(judged.finding);
  }

  /** The state of a cell on a replica now; `down` while the replica is. */
  private look(domain: string, cell: string, replica: number): unknown {
    const machine = this.deployment.domain(domain).machines[replica];
    return machine === undefined ? down : machine.peek(cell);
  }

  private readingsOf(invariant: Invariant): Map<string, readonly Reading[]> {
    const known = this.readings.get(invariant) ?? new Map<string, readonly Reading[]>();
    this.readings.set(invariant, known);
    return known;
  }

  private identitiesByType(): ReadonlyMap<Openable<object>, readonly string[]> {
    const byType = new Map<Openable<object>, string[]>();
    for (const { type, id } of this.deployment.identities.values()) {
      const ids = byType.get(type);
      if (ids === undefined) byType.set(type, [id]);
      else ids.push(id);
    }
    return byType;
  }

  private of(type: Openable<object>): readonly Invariant[] {
    const known = this.byType.get(type);
    if (known !== undefined) return known;
    const metadata = metadataOf(typeof type === "function" ? type : type.type);
    const invariants = [
      ...invariantsOf(type, metadata.methods, false),
      ...invariantsOf(type, metadata.staticMethods, true),
    ];
    this.byType.set(type, invariants);
    return invariants;
  }
}

function invariantsOf(
  type: Openable<object>,
  methods: ReturnType<typeof metadataOf>["methods"],
  isStatic: boolean,
): Invariant[] {
  return [...methods].flatMap(([method, { invariants = [] }]) =>
    invariants.map(({ name, when }) => ({ name, type, method, isStatic, when })),
  );
}

/** An instance method is judged on each object, a static one on all of them together. */
function subjectsOf({ isStatic }: Invariant, ids: readonly string[]): readonly (readonly string[])[] {
  return isStatic ? [ids] : ids.map((id) => [id]);
}

function callOn({ type, method, isStatic }: Invariant, session: SessionState, ids: readonly string[]): boolean {
  const objects = ids.map((id) => openIn(session, type, id));
  const owner = isStatic ? (typeof type === "function" ? type : type.type) : objects[0];
  const judge = (owner as unknown as Record<string | symbol, (...all: readonly unknown[]) => boolean>)[method];
  return judge?.apply(owner, isStatic ? [objects] : []) as boolean;
}

const down: unique symbol = Symbol("down");

/** One replica as it is now: reads are answered at once from its applied state, nothing can be written. */
class Snapshot implements Deployment {
  readonly kind = "simulated";
  readonly levels = new Set<string>();
  readonly readings: Reading[] = [];
  private readonly operations: { readonly start: OperationStart; result: unknown }[] = [];
  readonly observer: Observer = {
    ...silentObserver,
    invoked: (_, start) => this.operations.push({ start, result: undefined }) - 1,
    completed: (id, { result }) => {
      const operation = this.operations[id];
      if (operation !== undefined) operation.result = result;
    },
  };

  constructor(
    private readonly deployment: SimulatedDeployment,
    private readonly look: (domain: string, cell: string) => unknown,
  ) {}

  /** Worded when it is asked for: an invariant that holds is looked at after every operation. */
  found(): readonly Found[] {
    return this.operations.map(({ start, result }) => readingOf(start, result));
  }

  get regions(): readonly string[] {
    return this.deployment.regions;
  }

  createSession(): SessionState {
    throw new Error("an invariant opens no session of its own");
  }

  declare(key: string, make: (assign?: AssignLevel) => Cell): Cell {
    return this.deployment.declare(key, make);
  }

  cellsOf(type: Openable<object>, id: string): ReadonlyMap<PropertyKey, Cell> | undefined {
    return this.deployment.cellsOf(type, id);
  }

  dataOf(cell: Cell): "commands" | "merged" {
    return this.deployment.dataOf(cell);
  }

  async submit<T>(_: SessionState, domain: string, request: Request, take: (reply: Reply) => T): Promise<T> {
    return take(this.replyTo(domain, request));
  }

  private replyTo(domain: string, request: Request): Reply {
    if (request.kind === "commit") throw new TypeError("An invariant only reads: it must not change what it judges.");
    const state = this.look(domain, request.cell);
    this.readings.push({ domain, cell: request.cell, state });
    if (state === down) return { kind: "unavailable", reason: "the replica is down" };
    this.levels.add(this.deployment.domain(domain).level);
    return { kind: "value", state, version: 0, snapshot: 0, siblings: [state], seen: [] };
  }

  nextOperationId(): number {
    return -1;
  }

  async backOff(): Promise<void> {}
}
