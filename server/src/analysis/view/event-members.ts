import { ts } from "ts-morph";
import {
  type EventDeclaration,
  eventTypesUsedIn,
  isEventDeclaration,
  type MutableMember,
  mutableMembersOf,
  partsOfType,
} from "../extract/event-types.js";
import type { Extraction } from "../extract/extraction.js";
import { resolveDeclaration } from "../extract/names.js";
import { localsOf, memberName } from "../extract/scopes.js";
import { skeletonOf } from "../extract/skeleton.js";
import type { Site } from "../model.js";
import { siteOf } from "../sites.js";

/** Members of an event type that can be changed. */
export interface MutableEvent {
  /** The name of the type, as it is declared or used. */
  readonly type: string;
  readonly members: readonly string[];
  /** The member, or the use of a type that is declared in another file. */
  readonly site: Site;
  /** Where the members stand. */
  readonly places: readonly Site[];
}

/** Types of events that a file declares itself, or uses as such. */
export interface FileEvents {
  readonly declared: readonly EventDeclaration[];
  readonly used: readonly ts.TypeNode[];
}

/** Undefined where the file has to do with events of the runtime in no way, as most files. */
export function eventsIn(x: Extraction, tree: ts.SourceFile): FileEvents | undefined {
  if (!importsEvents(x, tree)) return undefined;
  const declared = [...localsOf(tree).values()].filter((each) => isEventDeclaration(x, each)) as EventDeclaration[];
  return { declared: declared.filter((each) => each.getSourceFile() === tree), used: eventTypesUsedIn(x, tree) };
}

const eventNames = new Set(["Event", "Decider", "decider", "Projection", "projection"]);

/** By what its imports lead to, through barrels: one of the runtime's names, or a type that is made from them. */
function importsEvents(x: Extraction, tree: ts.SourceFile): boolean {
  for (const [local, { specifier }] of skeletonOf(tree).imports) {
    const declaration = localsOf(tree).get(local);
    const target = declaration && resolveDeclaration(x, declaration);
    const isNamespace =
      target?.kind === "runtime" && target.name === "*" && /\/(?:eventsourcing|cqrs)$/.test(specifier);
    if (isNamespace || (target?.kind === "runtime" && eventNames.has(target.name))) return true;
    if (target?.kind === "declaration" && isEventDeclaration(x, target.node)) return true;
  }
  return false;
}

export function mutableEventsOf(x: Extraction, tree: ts.SourceFile, events: FileEvents): readonly MutableEvent[] {
  const seen = new Set<ts.Node>();
  const found: MutableEvent[] = [];
  const read = (type: EventDeclaration | ts.TypeNode): void => {
    const elsewhere: MutableMember[] = [];
    const name = ts.isTypeNode(type) ? type.getText() : (memberName(type) ?? "the event");
    partsOfType(x, type, (part, isReadonly) => {
      const isHere = part.getSourceFile() === tree;
      // A type that another file declares to be an event is found there.
      if (!isHere && (!ts.isTypeNode(type) || isEventDeclaration(x, ownerOf(part)))) return;
      const members = mutableMembersOf(part, isReadonly).filter(({ node }) => !seen.has(node));
      for (const { node } of members) seen.add(node);
      if (!isHere) elsewhere.push(...members);
      else for (const line of byLine(members)) found.push(mutableEvent(typeName(part, name), line, line[0].node.name));
    });
    if (elsewhere.length > 0) found.push(mutableEvent(name, elsewhere, type));
  };
  for (const each of events.declared) read(each);
  for (const each of events.used) read(each);
  return found;
}

/** Those that stand on one line are one thing to read. */
function byLine(members: readonly MutableMember[]): readonly (readonly [MutableMember, ...MutableMember[]])[] {
  const lines = new Map<number, [MutableMember, ...MutableMember[]]>();
  for (const member of members) {
    const { line } = siteOf(member.node.name).range.start;
    const known = lines.get(line);
    if (known === undefined) lines.set(line, [member]);
    else known.push(member);
  }
  return [...lines.values()];
}

function mutableEvent(type: string, members: readonly MutableMember[], site: ts.Node): MutableEvent {
  return {
    type,
    members: members.map(({ name }) => name),
    site: siteOf(site),
    places: members.map(({ node }) => siteOf(node.name)),
  };
}

function typeName(part: ts.Node, otherwise: string): string {
  const owner = ownerOf(part);
  return memberName(owner) ?? otherwise;
}

/** The declaration that a literal is a part of. */
function ownerOf(part: ts.Node): ts.Node {
  let owner = part;
  while (owner.parent !== undefined && !ts.isStatement(owner) && !ts.isClassLike(owner)) owner = owner.parent;
  return owner;
}
