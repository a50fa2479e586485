import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import { nodeOf } from "../sites.js";
import { type StateAct, stateOf } from "../states.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** One minute, as each client writes it. */
const minutes: ReadonlyMap<string, string> = new Map([
  ["ioredis", `"EX", 60`],
  ["redis", "{ EX: 60 }"],
  ["keyv", "60_000"],
  ["cache-manager", "60_000"],
]);

/** Gives an entry of a cache a time to live, where the client is known and nothing is said yet. */
export function timeToLive(view: View, { effect }: StateAct): Fix | undefined {
  const client = "store" in effect ? effect.store.client.from : undefined;
  const time = minutes.get(client ?? "");
  const call = nodeOf(effect.site);
  if (time === undefined || call === undefined || !ts.isCallExpression(call) || effect.operation !== "set")
    return undefined;
  const last = call.arguments.at(-1);
  if (call.arguments.length !== 2 || last === undefined) return undefined;
  const edits = new Edits(view.sources.x);
  edits.insert(call.getSourceFile(), last.getEnd(), `, ${time}`);
  return edits.toFix(`Let the entry of \`${stateOf(effect).name}\` live for a minute`, "suggested");
}
