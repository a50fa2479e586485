import type { Openable } from "../../cells/open.js";
import { metadataOf, type WorkloadArguments } from "../../decorators/metadata.js";
import type { Prng } from "../../simulation/prng.js";
import { type ArgumentSource, argumentSource, type Impossible, impossibleIn } from "./arbitraries.js";
import type { MethodShape, WorkloadShape } from "./shape.js";
import { WorkloadError } from "./workload-error.js";

/** A method that a generated workload may call. */
export interface CallableMethod {
  readonly name: string;
  readonly weight: number;
  /** What `@Workload` says; undefined: they are made from the types. */
  readonly args: WorkloadArguments | undefined;
  readonly source: ArgumentSource;
}

/** Made from the types alone, once for all schedules. */
export type SourceOf = (method: MethodShape) => ArgumentSource;

export function sourcesOf(texts: readonly string[]): SourceOf {
  const known = new Map<MethodShape, ArgumentSource>();
  return (method) => {
    const found = known.get(method) ?? argumentSource(method.parameters, texts);
    known.set(method, found);
    return found;
  };
}

/** Throws a `WorkloadError` where there is nothing to call, or no value for what has to be given. */
export function callableMethods(
  { target, methods }: WorkloadShape,
  type: Openable<object>,
  sourceOf: SourceOf,
): readonly CallableMethod[] {
  const annotated = metadataOf(typeof type === "function" ? type : type.type).methods;
  // Whose sagas fail calls it, with what they have done: nobody else does.
  const compensations = new Set([...annotated.values()].map(({ saga }) => saga?.compensate));
  const callable = methods.flatMap((method): readonly CallableMethod[] => {
    const { invariants, workload } = annotated.get(method.name) ?? {};
    const { weight = 1, args } = workload ?? {};
    if (invariants !== undefined || compensations.has(method.name) || weight === 0) return [];
    const source = args === undefined ? sourceOf(checked(target, method)) : none;
    return [{ name: method.name, weight, args, source }];
  });
  if (callable.length > 0) return callable;
  throw new WorkloadError(
    methods.length === 0
      ? `\`${target}\` has no public method that a workload could call. Add one, or write a scenario.`
      : `No method of \`${target}\` is left to call: each is an @Invariant, compensates a saga or has weight 0 in @Workload.`,
  );
}

const none: ArgumentSource = { draw: () => [] };

function checked(target: string, method: MethodShape): MethodShape {
  for (const { values, isOptional, isRest } of method.parameters) {
    const impossible = isOptional || isRest ? undefined : impossibleIn(values);
    if (impossible !== undefined) throw new WorkloadError(described(target, method, impossible));
  }
  return method;
}

function described(target: string, { name, parameters }: MethodShape, { type, path, why }: Impossible): string {
  const example = parameters.map((parameter) => parameter.name).join(", ");
  return (
    `\`${target}.${name}\` cannot be called: no value can be made for \`${path}\`, which is ${type}: ${why}. ` +
    `Say what to call it with: \`@Workload({ args: [[${example}], …] })\` on the method; \`@Workload({ weight: 0 })\` leaves it out.`
  );
}

export function pickMethod(methods: readonly CallableMethod[], random: Prng): CallableMethod {
  let left = random.fraction() * methods.reduce((sum, { weight }) => sum + weight, 0);
  for (const method of methods) {
    left -= method.weight;
    if (left < 0) return method;
  }
  return methods.at(-1) as CallableMethod;
}
