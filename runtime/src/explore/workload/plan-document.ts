import { fromJson, type Json, type OwnValues, toJson } from "../../history/json-values.js";
import type { PlanDocument } from "../decisions.js";
import { IdentityReference, type Plan, type PlannedArguments } from "./plan.js";
import { WorkloadError } from "./workload-error.js";

/** A plan as JSON, without loss. Throws a `TypeError` for arguments that have no form there, such as functions. */
export function encodePlan({ identities, sessions }: Plan): PlanDocument {
  return {
    identities: identities.map(({ target, id }) => ({ target, id })),
    sessions: sessions.map(({ region, calls }) => ({
      region,
      calls: calls.map(({ thinkMs, on: { target, id }, method, args }) => ({
        ...{ thinkMs, on: { target, id }, method },
        args: args.kind === "drawn" ? { kind: args.kind, values: args.values.map((each) => toJson(each, own)) } : args,
      })),
    })),
  };
}

/** Throws a `WorkloadError` for what is no plan: it may come from a file that somebody has edited. */
export function decodePlan(document: PlanDocument): Plan {
  try {
    return {
      identities: document.identities.map(identityOf),
      sessions: document.sessions.map(({ region, calls }) => ({
        region: text(region),
        calls: calls.map(({ thinkMs, on, method, args }) => ({
          thinkMs: amount(thinkMs),
          on: identityOf(on),
          method: text(method),
          args: argumentsOf(args as Json),
        })),
      })),
    };
  } catch (error) {
    throw new WorkloadError(
      `The calls of this schedule cannot be read: ${(error as Error).message} They have to be as a trace was written; ` +
        "make another one with the schedule's seed.",
      { cause: error },
    );
  }
}

/** An opened object in arguments: its identity stands for it. */
const own: OwnValues = {
  write: (value) =>
    value instanceof IdentityReference ? { $: "identity", target: value.target, id: value.id } : undefined,
  read: ({ $, target, id }) =>
    $ === "identity" ? new IdentityReference(text(target as string), text(id as string)) : undefined,
};

function argumentsOf(args: Json): PlannedArguments {
  const { kind, values, index, seed } = args as { readonly [key: string]: Json | undefined };
  if (kind === "drawn" && Array.isArray(values)) return { kind, values: values.map((each) => fromJson(each, own)) };
  if (kind === "listed") return { kind, index: amount(index) };
  if (kind === "made") return { kind, seed: amount(seed) };
  throw new TypeError(`${JSON.stringify(args)} are no arguments.`);
}

const identityOf = ({ target, id }: { readonly target: string; readonly id: string }) => ({
  target: text(target),
  id: text(id),
});

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`${JSON.stringify(value)} stands where a text is expected.`);
}

function amount(value: unknown): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`${JSON.stringify(value)} stands where a number is expected, 0 or more.`);
}
