import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { cellLevel } from "./annotations.js";
import { membersOf } from "./class-members.js";
import type { Extraction } from "./extraction.js";
import { fieldValue } from "./members.js";
import { classesOf } from "./units.js";
import type { ClassId, Value } from "./values.js";

const mechanisms = new Set([
  "isolated",
  "cache",
  "gossip",
  "causalBroadcast",
  "orderedLog",
  "raft",
  "primaryReplica",
  "multiPrimary",
  "quorum",
  "trueTime",
]);

/** A call of one of the runtime's mechanism functions, under the runtime's own name. */
export interface CalledMechanism {
  readonly name: string;
  readonly call: ts.CallExpression;
}

/** The mechanism that an expression gives, wherever it is called. */
export function mechanismIn(x: Extraction, node: ts.Expression): CalledMechanism | undefined {
  return calledMechanism(x.evaluate(node));
}

/** What the `mechanism` option of a level calls, perhaps in another file. */
export function mechanismOfLevel(x: Extraction, level: ts.CallExpression | undefined): CalledMechanism | undefined {
  const argument = level?.arguments[0];
  const options = argument && x.evaluate(argument);
  const value = options?.kind === "object" ? options.members.get("mechanism") : undefined;
  return value && calledMechanism(value);
}

function calledMechanism(value: Value): CalledMechanism | undefined {
  return value.kind === "result" && mechanisms.has(value.of) ? { name: value.of, call: value.call } : undefined;
}

/** A cell that is kept by a mechanism which another file configures. */
export interface KeptElsewhere {
  readonly owner: ClassId;
  readonly field: string;
  readonly level: Level;
  readonly call: ts.CallExpression;
}

/** The cells of a file's classes whose mechanism is called in another file. */
export function keptElsewhere(x: Extraction, tree: ts.SourceFile): readonly KeptElsewhere[] {
  return classesOf(tree).flatMap((node) => {
    const owner = x.classId(node);
    return [...membersOf(node).instance].flatMap(([field, member]): readonly KeptElsewhere[] => {
      if (!ts.isPropertyDeclaration(member)) return [];
      const level = cellLevel(x, owner, member);
      const call = mechanismOfLevel(x, level?.call)?.call;
      if (level === undefined || call === undefined || call.getSourceFile() === tree) return [];
      return fieldValue(x, member).kind === "handle" ? [{ owner, field, level: level.level, call }] : [];
    });
  });
}
