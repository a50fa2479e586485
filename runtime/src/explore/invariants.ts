import { type Openable, openIn } from "../cells/open.js";
import { metadataOf } from "../decorators/metadata.js";
import type { Cell, Deployment, SessionState } from "../deployment/deployment.js";
import { silentObserver } from "../deployment/silent-observer.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Reply, Request } from "../mechanisms/machine.js";
import { evaluate, type Predicate } from "./predicates.js";
import type { Finding } from "./violation.js";

interface Invariant {
  readonly name: string;
  readonly type: Openable<object>;
  readonly method: string | symbol;
  readonly isStatic: boolean;
  readonly when: "always" | "converged";
}

/**
 * `@Invariant` methods of every class that was opened. `always`: judged after each completed operation on an instant
 * snapshot of each replica, without messages and outside the history. `converged`: judged after quiescence in each
 * region. One that reads cells of different levels, which no replica ever shows together, is judged `converged` only.
 */
export class Invariants {
  private readonly byType = new Map<unknown, readonly Invariant[]>();
  private readonly mixed = new Set<Invariant>();

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
        if (invariant.isStatic) {
          judged.push({ name: invariant.name, predicate: () => callStatic(invariant, openAll(session, type, ids)) });
        } else
          for (const id of ids)
            judged.push({ name: invariant.name, predicate: () => call(invariant, openIn(session, type, id)) });
      }
    return judged;
  }

  /** Begins to judge what has to hold always. Everything it waits for is ready within one turn of the event loop. */
  async judgeNow(): Promise<void> {
    for (const [type, ids] of this.identitiesByType())
      for (const invariant of this.of(type)) {
        if (invariant.when === "converged" || invariant.isStatic || this.mixed.has(invariant)) continue;
        for (const id of ids)
          for (let replica = 0; replica < this.deployment.regions.length; replica++)
            await this.judgeSnapshot(invariant, type, id, replica);
      }
  }

  /** Whether any class that was opened has an invariant that holds always. */
  get hasAlways(): boolean {
    for (const { type } of this.deployment.identities.values())
      if (this.of(type).some((invariant) => invariant.when === "always" && !invariant.isStatic)) return true;
    return false;
  }

  private async judgeSnapshot(
    invariant: Invariant,
    type: Openable<object>,
    id: string,
    replica: number,
  ): Promise<void> {
    const region = this.deployment.regions[replica] as string;
    const snapshot = new Snapshot(this.deployment, replica);
    const session: SessionState = { id: -1, region, seen: new Map(), deployment: snapshot };
    const where = { region, when: "at every moment: it is false", site: undefined };
    const judged = await evaluate(invariant.name, () => call(invariant, openIn(session, type, id)), where);
    if (snapshot.levels.size > 1) this.mixed.add(invariant);
    else if (judged.outcome === "fails") this.found(judged.finding);
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

function openAll(session: SessionState, type: Openable<object>, ids: readonly string[]): readonly object[] {
  return ids.map((id) => openIn(session, type, id));
}

function call(invariant: Invariant, object: object): boolean {
  return (object as Record<string | symbol, () => boolean>)[invariant.method]?.() as boolean;
}

function callStatic(invariant: Invariant, all: readonly object[]): boolean {
  const { type } = invariant;
  const owner = (typeof type === "function" ? type : type.type) as unknown as Record<
    string | symbol,
    (all: readonly object[]) => boolean
  >;
  return owner[invariant.method]?.(all) as boolean;
}

/** One replica as it is now: reads are answered at once from its applied state, nothing can be written. */
class Snapshot implements Deployment {
  readonly kind = "simulated";
  readonly levels = new Set<string>();
  readonly observer = silentObserver;

  constructor(
    private readonly deployment: SimulatedDeployment,
    private readonly replica: number,
  ) {}

  get regions(): readonly string[] {
    return this.deployment.regions;
  }

  createSession(): SessionState {
    throw new Error("an invariant opens no session of its own");
  }

  declare(cell: Cell): void {
    this.deployment.declare(cell);
  }

  dataOf(cell: Cell): "commands" | "merged" {
    return this.deployment.dataOf(cell);
  }

  async submit(_session: SessionState, domainName: string, request: Request): Promise<Reply> {
    const domain = this.deployment.domain(domainName);
    const machine = domain.machines[this.replica];
    if (machine === undefined) return { kind: "unavailable", reason: "the replica is down" };
    if (request.kind === "commit") throw new TypeError("An invariant only reads: it must not change what it judges.");
    this.levels.add(domain.level);
    const state = machine.peek(request.cell);
    return { kind: "value", state, version: 0, snapshot: 0, siblings: [state], seen: [] };
  }

  nextOperationId(): number {
    return -1;
  }

  async backOff(): Promise<void> {}
}
