// npm run planted -- --exhaustive: looks for every planted bug in every order of a few calls. Exit code 0: each is found
// as planted or not within the bounds, and no twin is violated; 1: one is not as it should be.

import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { type Exhausted, exhaustProgram, isAsExpected } from "./exhaustion.js";
import { writeExhausted } from "./exhaustive-recording.js";
import { ids, plantedOf } from "./planted.js";

// As in the processes that users' programs run in: one long-lived schedule must not make all others look long-lived.
setFlagsFromString("--no-allocation-site-pretenuring");
const { values } = parseArgs({
  options: {
    exhaustive: { type: "boolean" },
    only: { type: "string", multiple: true, default: [] },
    write: { type: "boolean", default: false },
  },
});
let [wrong, found] = [0, 0];
const chosen = values.only.length > 0 ? values.only : ids;
for (const id of chosen) {
  const planted = await plantedOf(id);
  const exhausted = await exhaustProgram(planted);
  const isRight = isAsExpected(exhausted, planted);
  if (!isRight) wrong++;
  if (exhausted.found !== undefined) found++;
  console.log(`${isRight ? "✓" : "✗"} ${described(exhausted)}`);
  if (values.write && isRight) writeExhausted([exhausted]);
}
console.log(`${found} of ${chosen.length} found, ${wrong} not as they should be`);
process.exitCode = wrong === 0 ? 0 : 1;

function described({ id, found: at, complete, cut }: Exhausted): string {
  if (at === undefined) return `${id} not within the bounds: ${complete} searches complete, ${cut} cut`;
  const { bounds, seed, states, violations, twin } = at;
  const size = `${bounds.sessions} × ${bounds.operations}`;
  const shown = violations.map(({ kind, name }) => `${kind} "${name}"`).join(", ");
  const held = twin.isComplete ? "twin holds in all orders" : `twin: none violated up to ${twin.states} states`;
  return `${id} found with ${size} calls of seed ${seed} after ${states} states: ${shown} · ${held}`;
}
