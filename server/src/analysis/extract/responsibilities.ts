import { ts } from "ts-morph";
import { type DecoratorFacts, decoratorsOf, membersDecorated } from "./annotations.js";
import { membersOf } from "./class-members.js";
import { chainOf } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { type FunctionNode, memberName } from "./scopes.js";

/** What `Command` or `Query` says of a method, or of the one that it overrides. */
export interface Responsibility {
  readonly kind: "command" | "query";
  /** Its own decorator; undefined where it is inherited, as the runtime inherits it. */
  readonly own: DecoratorFacts | undefined;
}

const kinds: ReadonlyMap<string, Responsibility["kind"]> = new Map([
  ["Command", "command"],
  ["Query", "query"],
]);

/** The members of a class that may have one of this kind. */
export function candidatesFor(
  x: Extraction,
  owner: ts.ClassLikeDeclaration,
  kind: Responsibility["kind"],
): readonly ts.ClassElement[] {
  if (owner.heritageClauses !== undefined) return owner.members;
  return [...kinds].flatMap(([name, each]) => (each === kind ? membersDecorated(x, owner, name) : []));
}

export function responsibilityOf(x: Extraction, member: ts.Node): Responsibility | undefined {
  const own = decorated(x, member);
  if (own !== undefined) return own;
  const name = memberName(member);
  if (name === undefined || !ts.isClassLike(member.parent) || member.parent.heritageClauses === undefined)
    return undefined;
  for (const { node } of chainOf(x, x.classId(member.parent)).slice(1)) {
    const overridden = membersOf(node).instance.get(name);
    const inherited = overridden && decorated(x, overridden);
    if (inherited !== undefined) return { kind: inherited.kind, own: undefined };
  }
  return undefined;
}

/** The member that a function is, or is the value of. */
export function responsibilityOfFunction(x: Extraction, run: FunctionNode): Responsibility | undefined {
  const member = ts.isPropertyDeclaration(run.parent) ? run.parent : run;
  return ts.isClassElement(member) ? responsibilityOf(x, member) : undefined;
}

function decorated(x: Extraction, member: ts.Node): Responsibility | undefined {
  for (const own of decoratorsOf(x, member)) {
    const kind = kinds.get(own.name);
    if (kind !== undefined) return { kind, own };
  }
  return undefined;
}
