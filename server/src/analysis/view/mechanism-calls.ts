import { ts } from "ts-morph";
import { configuration } from "../extract/annotations.js";
import type { Extraction } from "../extract/extraction.js";
import { unitsOf } from "../extract/units.js";
import type { Value } from "../extract/values.js";
import type { MechanismCall } from "../model.js";
import { siteOf } from "../sites.js";

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

/** What the `mechanism` option of a level calls, perhaps in another file. */
export function mechanismOf(x: Extraction, level: ts.CallExpression | undefined): MechanismCall | undefined {
  const argument = level?.arguments[0];
  const options = argument && x.evaluate(argument);
  const value = options?.kind === "object" ? options.members.get("mechanism") : undefined;
  return value?.kind === "result" ? mechanismCall(x, value.of, value.call) : undefined;
}

/** Every call of a mechanism function in a file. */
export function mechanismCallsOf(x: Extraction, tree: ts.SourceFile): readonly MechanismCall[] {
  const found: MechanismCall[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node)) return;
    const value: Value = x.evaluate(node);
    const mechanism = value.kind === "result" && value.call === node ? mechanismCall(x, value.of, node) : undefined;
    if (mechanism !== undefined) found.push(mechanism);
  };
  if (importsMechanism(tree.text)) for (const unit of unitsOf(tree)) visit(unit.node);
  return found;
}

function mechanismCall(x: Extraction, name: string, call: ts.CallExpression): MechanismCall | undefined {
  if (!mechanisms.has(name)) return undefined;
  return { name, site: siteOf(call), ...configuration(x, call) };
}

/** Only quorums are judged yet; scanning every call of every file for them would be waste. */
function importsMechanism(text: string): boolean {
  return text.includes("quorum");
}
