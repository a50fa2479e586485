import type { ts } from "ts-morph";
import { functionOf } from "../extract/class-members.js";
import { calleeName, type Item } from "../extract/functions.js";
import {
  candidatesFor,
  type Responsibility,
  responsibilityOf,
  responsibilityOfFunction,
} from "../extract/responsibilities.js";
import { memberName } from "../extract/scopes.js";
import type { Annotation, CallSite, Site } from "../model.js";
import { siteOf } from "../sites.js";
import type { StateEffect } from "../states.js";
import type { View } from "./view.js";

/** A step of a query that changes state, by itself or through the calls that it leads to. */
export interface QueryWrite {
  /** The query's name. */
  readonly query: string;
  /** Its own `@Query()`; undefined where that stands on the method which it overrides. */
  readonly annotation: Annotation | undefined;
  /** The operation, or the call that leads to it. */
  readonly site: Site;
  readonly writes: readonly StateEffect[];
  /** A command that it runs, whatever that is known to write. */
  readonly command: RunCommand | undefined;
}

export interface RunCommand {
  readonly name: string;
  /** The call of the command. */
  readonly site: Site;
  /** Calls between the query and the command, outermost first, that of the command last. */
  readonly through: readonly CallSite[];
}

export function queryWritesOf(view: View, owner: ts.ClassLikeDeclaration): readonly QueryWrite[] {
  return candidatesFor(view.sources.x, owner, "query").flatMap((member) => {
    const run = functionOf(member);
    const responsibility = run && responsibilityOf(view.sources.x, member);
    if (run === undefined || responsibility?.kind !== "query") return [];
    return ownItems(view, run).flatMap((item) => writeOf(view, member, responsibility, item) ?? []);
  });
}

/** What the body does; callbacks written in place belong to it. */
function ownItems(view: View, run: ts.Node): readonly Item[] {
  const { x, summaries } = view.sources;
  return summaries.factsOf(run).items.flatMap((item) => {
    const inline = item.inline && item.callee.kind === "function" ? x.functionNode(item.callee.id) : undefined;
    return inline === undefined ? [item] : ownItems(view, inline);
  });
}

function writeOf(
  view: View,
  member: ts.ClassElement,
  responsibility: Responsibility,
  item: Item,
): QueryWrite | undefined {
  const writes = view.sources.summaries
    .effectsOfItem(item)
    .flatMap((effect) => view.stateEffect(effect) ?? [])
    .filter(({ access }) => access === "write" || access === "update");
  const command = commandIn(view, item, new Set());
  if (writes.length === 0 && command === undefined) return undefined;
  return {
    query: memberName(member) ?? "the method",
    annotation: responsibility.own && view.annotation(responsibility.own),
    site: siteOf(item.node),
    writes,
    command,
  };
}

function commandIn(view: View, item: Item, seen: Set<string>): RunCommand | undefined {
  const { x, summaries } = view.sources;
  if (item.callee.kind !== "function" || seen.has(item.callee.id)) return undefined;
  seen.add(item.callee.id);
  const run = x.functionNode(item.callee.id);
  if (run === undefined) return undefined;
  const call: CallSite = { name: calleeName(item), site: siteOf(item.node) };
  if (responsibilityOfFunction(x, run)?.kind === "command")
    return { name: call.name, site: call.site, through: [call] };
  for (const inner of summaries.factsOf(run).items) {
    const found = commandIn(view, inner, seen);
    if (found !== undefined) return { ...found, through: item.inline ? found.through : [call, ...found.through] };
  }
  return undefined;
}
