import type { Openable } from "../../cells/open.js";
import { metadataOf, type WorkloadArguments } from "../../decorators/metadata.js";
import { isLevelError } from "../../errors.js";
import { drawOverlapping, randomFaults } from "../../faults/index.js";
import { defaultRegions, type Region } from "../../simulation/network/regions.js";
import { Prng } from "../../simulation/prng.js";
import type { Decisions } from "../decisions.js";
import { type Scenario, type ScenarioContext, type Session, scenario } from "../scenario.js";
import { drawPlan, type PlanSize } from "./draw-plan.js";
import { exposureOf } from "./exposure.js";
import { Guide } from "./guided/guide.js";
import { callableMethods, type SourceOf, sourcesOf } from "./methods.js";
import {
  type Identity,
  IdentityReference,
  type Plan,
  type PlannedArguments,
  type PlannedCall,
  replaced,
} from "./plan.js";
import { decodePlan } from "./plan-document.js";
import type { ValueShape, WorkloadShape } from "./shape.js";
import { delaysOf, type Strategy } from "./strategies.js";
import { WorkloadError } from "./workload-error.js";

/** Finds what a shape calls by the name of its export. */
export type Resolve = (target: string) => Openable<object>;

export interface WorkloadOptions {
  /** Default: nyc, london, tokyo. */
  readonly regions?: readonly (string | Region)[] | undefined;
  /** Default: mixed. */
  readonly strategy?: Strategy | undefined;
  readonly size?: PlanSize | undefined;
}

/** Of each class that takes part. */
const identityCount = 2;

/** Calls of a class's methods, of which every schedule has others: what it is to be called with comes from the types. */
export class GeneratedWorkload {
  private readonly identities: ReadonlyMap<string, readonly string[]>;
  private readonly sourceOf: SourceOf;
  private readonly regions: readonly (string | Region)[];
  private readonly strategy: Strategy;
  /** Of `guided`: makes schedules of what others reached, if it runs them too. */
  readonly guide: Guide | undefined;
  private readonly size: PlanSize | undefined;

  constructor(
    readonly shape: WorkloadShape,
    { regions = defaultRegions, strategy = "mixed", size }: WorkloadOptions = {},
  ) {
    this.regions = regions;
    this.strategy = strategy;
    this.guide = strategy === "guided" ? new Guide(this) : undefined;
    this.size = size;
    this.identities = new Map(targetsOf(shape).map((target) => [target, identitiesOf(target)]));
    this.sourceOf = sourcesOf([...this.identities.values()].flat());
  }

  /** What this schedule calls. Throws a `WorkloadError` where nothing can be called. */
  plan(seed: number, resolve: Resolve): Plan {
    const { target } = this.shape;
    const setup = {
      regions: this.regions.map((region) => (typeof region === "string" ? region : region.name)),
      target,
      methods: callableMethods(this.shape, resolve(target), this.sourceOf),
      identities: this.identities,
      size: this.size,
    };
    return drawPlan(setup, Prng.seeded(seed, "plan"));
  }

  /** One schedule, or what was decided in one. */
  scenario(seed: number, resolve: Resolve, decisions?: Decisions): Scenario {
    if (decisions?.plan === undefined)
      return this.guide?.scenario(seed, resolve) ?? this.carryOut(this.plan(seed, resolve), seed, resolve);
    const known = new Map(this.regions.map((region) => [typeof region === "string" ? region : region.name, region]));
    const regions = decisions.regions?.map((name) => known.get(name) ?? name);
    return this.carryOut(this.checked(decodePlan(decisions.plan)), seed, resolve, regions);
  }

  /** The scenario that makes these calls. The seed decides what else there is to decide. */
  carryOut(plan: Plan, seed: number, resolve: Resolve, regions = this.regions): Scenario {
    const { target } = this.shape;
    const made = scenario(`calls of ${target}`, { regions, faults: randomFaults() }, (context) =>
      this.perform(plan, context, resolve),
    );
    return {
      ...made,
      generated: {
        plan,
        objects: plan.identities.map((identity) => ({ type: resolve(identity.target), id: identity.id })),
        drawFaults: (domains) =>
          drawOverlapping(made.regions, exposureOf(plan, [...domains]), Prng.seeded(seed, "nemesis")),
        delays: delaysOf(this.strategy, seed, made.regions.length),
      },
    };
  }

  /** What was decided before may be of code that has changed since. */
  private checked(plan: Plan): Plan {
    const known = new Set(this.shape.methods.map(({ name }) => name));
    for (const { on, method } of plan.sessions.flatMap(({ calls }) => calls)) {
      if (on.target === this.shape.target && known.has(method)) continue;
      throw new WorkloadError(
        `The schedule calls \`${on.target}.${method}\`, which is not among the methods of \`${this.shape.target}\` that can be ` +
          "called: the code has changed since. Explore again.",
      );
    }
    return plan;
  }

  /** A refusal, of the store or of the application, is an outcome like any other: the session goes on. */
  private async perform({ sessions }: Plan, context: ScenarioContext<string>, resolve: Resolve): Promise<void> {
    const client = async (region: string, calls: readonly PlannedCall[]): Promise<void> => {
      const open = opener(context.session(region), resolve);
      for (const call of calls) {
        await context.sleep(call.thinkMs);
        try {
          await this.invoke(call, resolve, open);
        } catch (error) {
          // What asks for more than a cell gives would do so wherever the network was: a mistake in the code.
          if (isLevelError(error)) throw error;
        }
      }
    };
    await Promise.all(sessions.map(({ region, calls }) => client(region, calls)));
  }

  private invoke({ on, method, args }: PlannedCall, resolve: Resolve, open: Open): unknown {
    const object = open(on) as Methods;
    const opened = (value: object) => (value instanceof IdentityReference ? open(value) : undefined);
    if (args.kind === "drawn") return object[method]?.(...args.values.map((value) => replaced(value, opened)));
    const { parameters = [] } = this.shape.methods.find(({ name }) => name === method) ?? {};
    const given = givenArguments(argumentsOf(resolve(on.target), method), args).map((value, index) => {
      const values = parameters[index]?.values;
      // An object cannot be opened where the list stands, so its identity stands for it.
      return values?.kind === "handle" && typeof value === "string"
        ? open({ target: values.target, id: value })
        : value;
    });
    return object[method]?.(...given);
  }
}

type Open = (identity: Identity) => object;

/** A client keeps the objects that it has opened, with what they remember between two calls. */
function opener(session: Session, resolve: Resolve): Open {
  const opened = new Map<string, object>();
  return ({ target, id }) => {
    const key = `${target} ${id}`;
    const object = opened.get(key) ?? session.open(resolve(target), id);
    opened.set(key, object);
    return object;
  };
}

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

function givenArguments(
  args: WorkloadArguments | undefined,
  planned: Exclude<PlannedArguments, { readonly kind: "drawn" }>,
): readonly unknown[] {
  if (planned.kind === "listed") return (Array.isArray(args) ? args[planned.index] : undefined) ?? [];
  const random = Prng.seeded(planned.seed, "arguments");
  return typeof args === "function" ? args(() => random.fraction()) : [];
}

const argumentsOf = (type: Openable<object>, method: string) =>
  metadataOf(typeof type === "function" ? type : type.type).methods.get(method)?.workload?.args;

/** `account1`, `account2`: as pictures name them. */
function identitiesOf(target: string): readonly string[] {
  const stem = target.charAt(0).toLowerCase() + target.slice(1);
  return Array.from({ length: identityCount }, (_, index) => `${stem}${index + 1}`);
}

/** The class itself first, then all that its methods take. */
function targetsOf({ target, methods }: WorkloadShape): readonly string[] {
  const handles = methods.flatMap(({ parameters }) => parameters.flatMap(({ values }) => handlesIn(values)));
  return [...new Set([target, ...handles])];
}

function handlesIn(shape: ValueShape): readonly string[] {
  switch (shape.kind) {
    case "handle":
      return [shape.target];
    case "union":
      return shape.members.flatMap(handlesIn);
    case "array":
    case "set":
      return handlesIn(shape.element);
    case "tuple":
      return shape.elements.flatMap(handlesIn);
    case "object":
      return shape.properties.flatMap(({ values }) => handlesIn(values));
    case "record":
      return handlesIn(shape.value);
    case "map":
      return [...handlesIn(shape.key), ...handlesIn(shape.value)];
    default:
      return [];
  }
}
