import { ts } from "ts-morph";
import { type Level, weakest } from "../../../../runtime/src/levels.js";
import type { Regions } from "../../configuration/index.js";
import {
  cellLevel,
  type DecoratorFacts,
  decoratorsOf,
  leavesOut,
  levelDecorator,
  literalOptions,
} from "../extract/annotations.js";
import { functionOf, membersOf } from "../extract/class-members.js";
import { findMember } from "../extract/classes.js";
import type { Extraction } from "../extract/extraction.js";
import { accessOf, calleeName } from "../extract/functions.js";
import { fieldValue } from "../extract/members.js";
import { type FunctionNode, memberName } from "../extract/scopes.js";
import { type Structure, structureOf } from "../extract/structures.js";
import { classesOf } from "../extract/units.js";
import type { StoreId } from "../extract/values.js";
import { Purity } from "../flow/purity.js";
import type { Effect, Summaries } from "../flow/summaries.js";
import { cellKey, type Usages } from "../flow/usages.js";
import type { Flows } from "../flow/values/flows.js";
import type {
  Annotation,
  Cell,
  CellEffect,
  CellOperation,
  FileModel,
  LevelAnnotation,
  Method,
  SagaAnnotation,
  Step,
} from "../model.js";
import { allLazily, lazily, remembered } from "../remembered.js";
import { siteOf } from "../sites.js";
import type { StateEffect, Store } from "../states.js";
import { suppressionsOf } from "../suppressions.js";
import { firstSyntaxError } from "../syntax-errors.js";
import { claimsOf } from "./claims.js";
import { clockOrdersOf } from "./clock-orders.js";
import { constructionsOf } from "./constructions.js";
import { deletionsOf } from "./deletions.js";
import { endorsementsOf } from "./endorsements.js";
import { eventChangesOf } from "./event-changes.js";
import { eventsIn, mutableEventsOf } from "./event-members.js";
import { handlersOf } from "./failures/handlers.js";
import { retriesOf } from "./failures/retries.js";
import { describeField } from "./field-description.js";
import { floatingOf } from "./floating.js";
import { levelReadsOf } from "./level-reads.js";
import { hasMethod, levelTargetsOf, unleveledIn } from "./level-targets.js";
import { keptCellsOf, mechanismCallsOf, mechanismOf } from "./mechanism-calls.js";
import { unlawfulMergesOf } from "./merges.js";
import { newIdentitiesOf } from "./new-identities.js";
import { operationsOf } from "./operations.js";
import { plainFieldsOf } from "./plain-fields.js";
import { projectionReadsOf } from "./projection-reads.js";
import { impureFunctionsOf } from "./pure-functions.js";
import { queryWritesOf } from "./query-writes.js";
import { releveledCellsOf } from "./releveled.js";
import { replicaLoopsOf } from "./replica-loops.js";
import { sequencesOf } from "./sequences.js";
import { sideEffectsOf } from "./side-effects.js";
import { staleReadsOf } from "./stale-reads.js";
import { storeLabelsOf } from "./store-labels.js";
import { buildStore, callsOn, storeEffectOf } from "./stores.js";
import { deadlineOf, hasDefaultMechanism, timeoutOf } from "./time-limits.js";
import { valueFlowsOf } from "./value-flows.js";
import { waitsOf } from "./waits.js";

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
  /** The files whose functions a model was read from, its own among them: an edit of one judges it again. */
  readonly consulted: Set<string>;
}

/** Turns facts into the model that rules see, for one file; computed lazily, as most of it is never looked at. */
export class View {
  readonly #cells = new Map<string, Cell | undefined>();
  readonly #stores = new Map<StoreId, Store | undefined>();
  readonly #levels = new Map<ts.Node, LevelAnnotation>();
  readonly #effects = new Map<FunctionNode, readonly { readonly key: string; readonly effect: CellEffect }[]>();

  readonly #cellEffects = new Map<Level | undefined, Map<Effect, CellEffect | undefined>>();

  readonly purity: Purity;

  constructor(readonly sources: Sources) {
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
    return [...membersOf(node).instance.keys()].flatMap((name) => this.cell(id, id, name) ?? []);
  }

  /** The cell that a field holds, seen on an object of the class `receiver`. */
  cell(receiver: string, declaredIn: string, field: string): Cell | undefined {
    const key = `${receiver} ${declaredIn} ${field}`;
    if (!this.#cells.has(key)) this.#cells.set(key, this.#buildCell(receiver, declaredIn, field));
    return this.#cells.get(key);
  }

  #buildCell(receiver: string, declaredIn: string, field: string): Cell | undefined {
    const { x } = this.sources;
    const node = findMember(x, declaredIn, field, "instance")?.node;
    if (node === undefined || !ts.isPropertyDeclaration(node) || !ts.isClassLike(node.parent)) return undefined;
    const handle = fieldValue(x, node);
    if (handle.kind !== "handle") return undefined;
    const level = cellLevel(x, receiver, node);
    const argument = handle.call.arguments[0];
    const initial = argument === undefined ? undefined : x.evaluate(argument);
    const cell = lazily(
      {
        name: field,
        owner: node.parent.name?.text ?? "the class",
        dataType: handle.type,
        initial: initial?.kind === "literal" ? initial.value : undefined,
        level: level?.level,
        annotation: level && this.levelAnnotation(level),
        ownsAnnotation: level?.node.parent === node,
        site: siteOf(node.name),
      },
      "operations",
      (): readonly CellOperation[] => operationsOf(this, declaredIn, field),
    );
    const described = lazily(cell, "description", () => describeField(node, handle.call));
    return lazily(described, "structure", (): Structure | undefined =>
      handle.type === "register" ? structureOf(x, handle.call, node) : undefined,
    );
  }

  levelAnnotation(facts: DecoratorFacts & { readonly level: Level }): LevelAnnotation {
    return remembered(this.#levels, facts.node, () => this.#levelAnnotation(facts));
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
    const decorators = decoratorsOf(this.sources.x, member);
    const find = (name: string): Annotation | undefined => {
      const facts = decorators.find((each) => each.name === name);
      return facts && this.annotation(facts);
    };
    const deadline = decorators.find((each) => each.name === "Deadline");
    const base = {
      name: memberName(member) ?? "constructor",
      owner: owner.name?.text ?? "the class",
      site: siteOf((member as ts.NamedDeclaration).name ?? member),
      transaction: find("Transaction"),
      available: find("Available"),
      invariant: find("Invariant"),
      saga: this.#saga(owner, decorators),
      level: this.#methodLevel(member),
      deadline: deadline && deadlineOf(this.sources.x, deadline),
    };
    const withSideEffects = lazily(base, "sideEffects", () => sideEffectsOf(this, run));
    const withWaits = lazily(withSideEffects, "waits", () => waitsOf(this, run));
    const withSteps = lazily(withWaits, "steps", (): readonly Step[] =>
      this.#stepsOf(run, levelDecorator(this.sources.x, member)?.level),
    );
    const withStates = lazily(withSteps, "stateEffects", () => this.stateEffectsOf(run));
    return lazily(withStates, "effects", (): readonly CellEffect[] => this.effectsOf(run).map(({ effect }) => effect));
  }

  #saga(owner: ts.ClassLikeDeclaration, decorators: readonly DecoratorFacts[]): SagaAnnotation | undefined {
    const facts = decorators.find((each) => each.name === "Saga");
    if (facts === undefined) return undefined;
    const annotation = this.annotation(facts);
    const name = annotation.options["compensate"];
    const compensate = typeof name === "string" ? name : undefined;
    const isMissing = compensate !== undefined && hasMethod(this.sources.x, owner, compensate) === false;
    return { ...annotation, compensate, isMissing };
  }

  #methodLevel(member: ts.ClassElement): LevelAnnotation | undefined {
    const facts = levelDecorator(this.sources.x, member);
    return facts && this.levelAnnotation(facts);
  }

  /** All that a function does to cells through any call, with the key of each cell. */
  effectsOf(run: FunctionNode): readonly { readonly key: string; readonly effect: CellEffect }[] {
    return remembered(this.#effects, run, () =>
      this.sources.summaries.effectsOf(this.sources.x.functionId(run)).flatMap((each) => {
        const effect = this.cellEffect(each);
        return effect === undefined ? [] : [{ key: cellKey(each.target) ?? "", effect }];
      }),
    );
  }

  /** All that a function does to cells and labelled stores through any call. */
  stateEffectsOf(run: FunctionNode): readonly StateEffect[] {
    return this.sources.summaries
      .effectsOf(this.sources.x.functionId(run))
      .flatMap((each) => this.stateEffect(each) ?? []);
  }

  stateEffect(effect: Effect, cap?: Level): StateEffect | undefined {
    return this.cellEffect(effect, cap) ?? storeEffectOf(this, effect);
  }

  store(id: StoreId): Store | undefined {
    if (!this.#stores.has(id)) this.#stores.set(id, buildStore(this, id));
    return this.#stores.get(id);
  }

  #stepsOf(run: ts.Node, cap: Level | undefined): readonly Step[] {
    const steps: Step[] = [];
    for (const item of this.sources.summaries.factsOf(run).items) {
      if (item.inline && item.callee.kind === "function") {
        const body = this.sources.x.functionNode(item.callee.id);
        if (body !== undefined) steps.push(...this.#stepsOf(body, cap));
        continue;
      }
      const stateEffects = this.sources.summaries
        .effectsOfItem(item)
        .flatMap((effect) => this.stateEffect(effect, cap) ?? []);
      if (stateEffects.length > 0)
        steps.push({
          kind: item.callee.kind === "operation" ? "operation" : "call",
          name: calleeName(item),
          site: siteOf(item.node),
          effects: stateEffects.filter((effect) => "cell" in effect),
          stateEffects,
        });
    }
    return steps;
  }

  cellEffect(effect: Effect, cap?: Level): CellEffect | undefined {
    const known = remembered(this.#cellEffects, cap, () => new Map<Effect, CellEffect | undefined>());
    if (!known.has(effect)) known.set(effect, this.#buildCellEffect(effect, cap));
    return known.get(effect);
  }

  #buildCellEffect(effect: Effect, cap: Level | undefined): CellEffect | undefined {
    const { target } = effect;
    if (target.kind !== "operation" || target.cell.kind !== "cell") return undefined;
    const { receiver, declaredIn, field, at } = target.cell;
    const cell = this.cell(receiver, declaredIn, field);
    const last = effect.path.at(-1);
    if (cell?.level === undefined || last === undefined) return undefined;
    const access = accessOf(target.name);
    const bounds = access === "read" ? [at, effect.cap, cap] : [];
    return {
      cell,
      cellLevel: cell.level,
      operation: target.name,
      access,
      level: bounds.reduce<Level>((level, bound) => (bound === undefined ? level : weakest(level, bound)), cell.level),
      readAt: at,
      methodLevel: cap === undefined ? effect.cap : effect.cap === undefined ? cap : weakest(cap, effect.cap),
      handled: effect.handled,
      site: siteOf(last.node),
      through: callsOn(effect.path),
    };
  }
}
