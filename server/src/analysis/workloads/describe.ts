import type { MethodShape, ParameterShape, ValueShape } from "../../../../runtime/src/explore/workload/shape.js";

/** `transfer(to: an Account, amount: number near 50, note?: text)` */
export function describeMethod({ name, parameters }: MethodShape): string {
  return `${name}(${parameters.map(describeParameter).join(", ")})`;
}

/** Why a method cannot be called, and what to write. */
export function describeObstacles({ parameters }: MethodShape): readonly string[] {
  const names = parameters.map(({ name }) => name).join(", ");
  return parameters.flatMap(({ values }) =>
    values.kind === "impossible"
      ? [`${values.path} is ${values.type}: ${values.why}. Write @Workload({ args: [[${names}], …] }) on the method.`]
      : [],
  );
}

function describeParameter({ name, values, isOptional, isRest }: ParameterShape): string {
  if (isRest) return `...${name}: ${elementOf(values)}[]`;
  return `${name}${isOptional ? "?" : ""}: ${describeValues(values)}`;
}

/** As a type is written, with what is worth trying. */
export function describeValues(shape: ValueShape): string {
  switch (shape.kind) {
    case "number":
      return near("number", shape.near);
    case "string":
      return near("text", shape.near);
    case "bigint":
      return near("bigint", shape.near);
    case "boolean":
    case "date":
    case "undefined":
      return shape.kind;
    case "constant":
      return JSON.stringify(shape.value);
    case "union":
      return shape.members.map(describeValues).join(" | ");
    case "array":
      return `${elementOf(shape.element)}[]`;
    case "tuple":
      return `[${shape.elements.map(describeValues).join(", ")}]`;
    case "object":
      return shape.properties.length === 0 ? "{}" : `{ ${shape.properties.map(describeProperty).join("; ")} }`;
    case "record":
      return `Record<text, ${describeValues(shape.value)}>`;
    case "set":
      return `Set<${describeValues(shape.element)}>`;
    case "map":
      return `Map<${describeValues(shape.key)}, ${describeValues(shape.value)}>`;
    case "handle":
      // What `replicated(…)` gave is named as several: `accounts`.
      if (/^[a-z]/.test(shape.target)) return shape.target === "default" ? "an object" : `one of ${shape.target}`;
      return `${/^[aeiou]/i.test(shape.target) ? "an" : "a"} ${shape.target}`;
    case "impossible":
      return `✗ ${shape.type}`;
  }
}

const describeProperty = ({ name, values, isOptional }: { name: string; values: ValueShape; isOptional: boolean }) =>
  `${name}${isOptional ? "?" : ""}: ${describeValues(values)}`;

const near = (kind: string, values: readonly (number | string)[]): string =>
  values.length === 0 ? kind : `${kind} near ${values.map((each) => JSON.stringify(each)).join(", ")}`;

function elementOf(shape: ValueShape): string {
  const text = describeValues(shape);
  return /^[\w]+$|^[[{].*[\]}]$/.test(text) ? text : `(${text})`;
}
