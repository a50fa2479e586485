import { ts } from "ts-morph";
import { type Level, weakest } from "../../../../runtime/src/levels.js";
import type { Regions } from "../../configuration/index.js";
import { type DecoratorFacts, leavesOut, literalOptions } from "../extract/annotations.js";
import { functionOf, membersOf } from "../extract/class-members.js";
import type { Extraction } from "../extract/extraction.js";
import { accessOf } from "../extract/operation-names.js";
import type { FunctionNode } from "../extract/scopes.js";
import { classesOf } from "../extract/units.js";
import type { ClassId, StoreId } from "../extract/values.js";
import { Purity } from "../flow/purity.js";
import type { Effect, Summaries } from "../flow/summaries.js";
import type { Usages } from "../flow/usages.js";
import type { Flows } from "../flow/values/flows.js";
import type { Annotation, Cell, CellEffect, FileModel, LevelAnnotation, Method } from "../model.js";
import { allLazily, lazily, remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import type { StateEffect, Store } from "../states.js";
import { suppressionsOf } from "../suppressions.js";
import { firstSyntaxError } from "../syntax-errors.js";
import { Cells } from "./cells.js";
import { claimsOf } from "./claims.js";
import { clockOrdersOf } from "./clock-orders.js";
import { constructionsOf } from "./constructions.js";
import { deletionsOf } from "./deletions.js";
import { endorsementsOf } from "./endorsements.js";
import { eventChangesOf } from "./event-changes.js";
import { eventsIn, mutableEventsOf } from "./event-members.js";
import { handlersOf } from "./failures/handlers.js";
import { retriesOf } from "./failures/retries.js";
import { floatingOf } from "./floating.js";
import { labelledStoresOf } from "./labelled-stores.js";
import { levelReadsOf } from "./level-reads.js";
import { levelTargetsOf, unleveledIn } from "./level-targets.js";
import { keptCellsOf, mechanismCallsOf, mechanismOf } from "./mechanism-calls.js";
import { unlawfulMergesOf } from "./merges.js";
import { effectsOf, Methods, stateEffectsOf } from "./methods.js";
import { newIdentitiesOf } from "./new-identities.js";
import { plainFieldsOf } from "./plain-fields.js";
import { projectionReadsOf } from "./projection-reads.js";
import { impureFunctionsOf } from "./pure-functions.js";
import { queryWritesOf } from "./query-writes.js";
import { releveledCellsOf } from "./releveled.js";
import { replicaLoopsOf } from "./replica-loops.js";
import { sequencesOf } from "./sequences.js";
import { staleReadsOf } from "./stale-reads.js";
import { storeLabelsOf } from "./store-labels.js";
import { callsOn, Stores, storeEffectOf } from "./stores.js";
import { hasDefaultMechanism, timeoutOf } from "./time-limits.js";
import { valueFlowsOf } from "./value-flows.js";

const nothing: Omit<FileModel, "file" | "regions"> = {
  isWhole: true,
  cells: [],
  methods: [],
  mechanisms: [],
  keptCells: [],
  replicaLoops: [],
  floating: [],
  constructions: [],
  plainFields: [],
  levelTargets: [],
  storeLabels: [],
  labelledStores: [],
  sequences: [],
  unleveled: [],
  releveled: [],
  levelReads: [],
  claims: [],
  flows: [],
  staleReads: [],
  deletions: [],
  newIdentities: [],
  queryWrites: [],
  eventChanges: [],
  mutableEvents: [],
  projectionReads: [],
  handlers: [],
  retries: [],
  impureFunctions: [],
  unlawfulMerges: [],
  clockOrders: [],
  suppressions: [],
  idleSuppressions: [],
  endorsements: [],
};

/** Everything a view is computed from. */
export interface Sources {
  readonly x: Extraction;
  readonly summaries: Summaries;
  readonly flows: Flows;
  readonly usages: Usages;
  /** Those that have to do with the runtime. Walking them all is for what is asked once, never for a key stroke. */
  readonly files: () => readonly string[];
  /** Where the replicas are, for code in a file. */
  readonly regionsOf: (file: string) => Regions;
}

/**
 * Turns facts into the model that rules see, for one file; computed lazily, as most of it is never looked at. What is kept from
 * one edit to the next speaks of cells, stores and methods by identity, so there is one view for all.
 */
export class View {
  readonly #cells: Cells;
  readonly #stores: Stores;
  readonly #methods: Methods;
  readonly #levels = new WeakMap<object, Map<ts.Node, LevelAnnotation>>();
  readonly #cellEffects = new Map<Level | undefined, WeakMap<Effect, CellEffect>>();

  readonly purity: Purity;

  constructor(readonly sources: Sources) {
    this.#cells = new Cells(this);
    this.#stores = new Stores(this);
    this.#methods = new Methods(this);
    this.purity = new Purity(sources);
  }

  fileModel(file: string): FileModel {
    const tree = this.sources.x.documents.tree(file);
    const regions = this.sources.regionsOf(file);
    if (tree === undefined) return { ...nothing, file, regions };
    const classes = classesOf(tree);
    const { x } = this.sources;
    const found = lazily({}, "events", () => eventsIn(x, tree));
    const withEvents = <T>(read: (events: NonNullable<ReturnType<typeof eventsIn>>) => readonly T[]): readonly T[] =>
      found.events === undefined ? [] : read(found.events);
    return allLazily(
      { file, regions, idleSuppressions: [] },
      {
        isWhole: () => firstSyntaxError(tree) === undefined,
        cells: () => classes.flatMap((each) => this.#cellsOf(each)),
        methods: () => classes.flatMap((each) => this.#methodsOf(each)),
        mechanisms: () => mechanismCallsOf(this.sources.x, tree),
        keptCells: () => keptCellsOf(this, file),
        replicaLoops: () => replicaLoopsOf(this, tree),
        floating: () => floatingOf(this, tree),
        constructions: () => constructionsOf(this, tree),
        plainFields: () => plainFieldsOf(this, classes),
        levelTargets: () => classes.flatMap((each) => levelTargetsOf(this, each)),
        storeLabels: () => storeLabelsOf(this, tree),
        labelledStores: () => labelledStoresOf(this, tree),
        sequences: () => sequencesOf(this, tree),
        unleveled: () => unleveledIn(this, classes),
        releveled: () => classes.flatMap((each) => releveledCellsOf(this, each)),
        levelReads: () => levelReadsOf(this, tree),
        claims: () => claimsOf(this, tree),
        flows: () => valueFlowsOf(this, tree),
        staleReads: () => staleReadsOf(this, tree),
        deletions: () => deletionsOf(this, tree),
        newIdentities: () => newIdentitiesOf(this, tree),
        queryWrites: () => classes.flatMap((each) => queryWritesOf(this, each)),
        eventChanges: () => withEvents((events) => eventChangesOf(x, tree, events)),
        mutableEvents: () => withEvents((events) => mutableEventsOf(x, tree, events)),
        projectionReads: () => classes.flatMap((each) => projectionReadsOf(this, each)),
        handlers: () => handlersOf(this, tree),
        retries: () => retriesOf(this, tree),
        impureFunctions: () => impureFunctionsOf(this, tree, classes),
        unlawfulMerges: () => unlawfulMergesOf(this, tree, classes),
        clockOrders: () => clockOrdersOf(this, tree, classes),
        suppressions: () => suppressionsOf(tree),
        endorsements: () => endorsementsOf(this, tree),
      },
    );
  }

  #cellsOf(node: ts.ClassLikeDeclaration): readonly Cell[] {
    const id = this.sources.x.classId(node);
    return [...membersOf(node).instance].flatMap(([name, member]) =>
      ts.isPropertyDeclaration(member) ? (this.cell(id, id, name) ?? []) : [],
    );
  }

  /** The cell that a field holds, seen on an object of the class `receiver`. */
  cell(receiver: ClassId, declaredIn: ClassId, field: string): Cell | undefined {
    return this.#cells.of(receiver, declaredIn, field);
  }

  levelAnnotation(facts: DecoratorFacts & { readonly level: Level }): LevelAnnotation {
    const known = remembered(this.#levels, this.sources.x.stateOf(facts.node), () => new Map());
    return remembered(known, facts.node, () => this.#levelAnnotation(facts));
  }

  #levelAnnotation(facts: DecoratorFacts & { readonly level: Level }): LevelAnnotation {
    const annotation = { ...this.annotation(facts), level: facts.level };
    const { x } = this.sources;
    const withMechanism = lazily(annotation, "mechanism", () => mechanismOf(x, facts.call));
    const withDefault = lazily(withMechanism, "hasDefaultMechanism", () => hasDefaultMechanism(x, facts));
    const withMerge = lazily(withDefault, "hasDefaultMerge", () => leavesOut(x, facts.call, "merge"));
    return lazily(withMerge, "timeout", () => timeoutOf(x, facts));
  }

  annotation({ name, node, call }: DecoratorFacts): Annotation {
    return { name, site: siteOf(node), options: literalOptions(this.sources.x, call) };
  }

  #methodsOf(owner: ts.ClassLikeDeclaration): readonly Method[] {
    return owner.members.flatMap((member) => {
      const run = functionOf(member);
      return run === undefined || run.body === undefined ? [] : [this.method(owner, member, run)];
    });
  }

  method(owner: ts.ClassLikeDeclaration, member: ts.ClassElement, run: FunctionNode): Method {
    return this.#methods.of(owner, member, run);
  }

  /** All that a function does to cells through any call, with the key of each cell. */
  effectsOf(run: FunctionNode): readonly { readonly key: string; readonly effect: CellEffect }[] {
    return effectsOf(this, run);
  }

  /** All that a function does to cells and labelled stores through any call. */
  stateEffectsOf(run: FunctionNode): readonly StateEffect[] {
    return stateEffectsOf(this, run);
  }

  stateEffect(effect: Effect, cap?: Level): StateEffect | undefined {
    return this.cellEffect(effect, cap) ?? storeEffectOf(this, effect);
  }

  store(id: StoreId): Store | undefined {
    return this.#stores.of(id);
  }

  /** The same object as long as the cell is. */
  cellEffect(effect: Effect, cap?: Level): CellEffect | undefined {
    const { target } = effect;
    if (target.kind !== "operation" || target.cell.kind !== "cell") return undefined;
    const { receiver, declaredIn, field } = target.cell;
    const cell = this.cell(receiver, declaredIn, field);
    if (cell?.level === undefined) return undefined;
    const known = remembered(this.#cellEffects, cap, () => new WeakMap<Effect, CellEffect>());
    const made = known.get(effect);
    if (made?.cell === cell) return made;
    const built = cellEffectOf(effect, target, cell, cell.level, cap);
    if (built !== undefined) known.set(effect, built);
    return built;
  }
}

function cellEffectOf(
  effect: Effect,
  target: Effect["target"] & { readonly kind: "operation" },
  cell: Cell,
  cellLevel: Level,
  cap: Level | undefined,
): CellEffect | undefined {
  const last = effect.path.at(-1);
  if (last === undefined) return undefined;
  const access = accessOf(target.name);
  const at = target.cell.kind === "cell" ? target.cell.at : undefined;
  const bounds = access === "read" ? [at, effect.cap, cap] : [];
  return {
    cell,
    cellLevel,
    operation: target.name,
    access,
    level: bounds.reduce<Level>((level, bound) => (bound === undefined ? level : weakest(level, bound)), cellLevel),
    readAt: at,
    methodLevel: cap === undefined ? effect.cap : effect.cap === undefined ? cap : weakest(cap, effect.cap),
    handled: effect.handled,
    site: siteOf(last.node),
    through: callsOn(effect.path),
  };
}
