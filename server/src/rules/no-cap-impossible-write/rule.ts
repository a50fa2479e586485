import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { FileModel, MechanismCall, Method, ReplicaLoop } from "../../analysis/model.js";
import { type StateEffect, stateOf } from "../../analysis/states.js";
import type { Problem, Report, Rule } from "../rule.js";
import { levelName, list, regionsText, throughCalls } from "../words.js";

/**
 * Gilbert and Lynch (2002): while the network is cut, the side without a majority can answer or agree, not both. So what
 * must answer under any partition cannot write state that needs agreement, nor read it linearizably.
 */
export const noCapImpossibleWrite: Rule = {
  id: "no-cap-impossible-write",
  severity: "error",
  summary: "A method that must answer under any partition but needs a majority, and writes that need every replica.",
  check(model, report) {
    for (const method of model.methods) checkMethod(method, report);
    for (const call of model.mechanisms) checkQuorum(call, model.regions, report);
    for (const loop of model.replicaLoops) report(demandsAll(loop));
  },
};

function checkMethod(method: Method, report: Report): void {
  if (method.available === undefined) return;
  const refused = method.stateEffects.filter(needsMajority);
  const worst = refused.find((effect) => effect.access !== "read") ?? refused[0];
  if (worst === undefined) return;
  const states = [...new Set(refused.map((effect) => stateOf(effect).state))];
  const { name, state } = stateOf(worst);
  const others = states.filter((each) => each !== state).map((each) => `\`${each.name}\``);
  const also = others.length === 0 ? "" : `, and needs ${list(others)} too`;
  const cells = refused.flatMap((effect) => ("cell" in effect ? [effect.cell] : []));
  report({
    at: method.available.site,
    message: `\`${method.name}\` must answer under any partition, but ${verbs[worst.access]} \`${name}\` (${levelName(worst.level)})${throughCalls(worst.through, worst.site)}${also}.`,
    why: consequence(worst),
    help: `${helpOf(worst)}, ${makeWeaker(refused)}, or drop \`@Available()\`.`,
    related: refused
      .filter((effect, index) => refused.findIndex((each) => stateOf(each).state === stateOf(effect).state) === index)
      .map((effect) => ({
        at: effect.site,
        message: `\`${effect.operation}\` on \`${stateOf(effect).name}\` (${levelName(effect.level)}) waits for a majority`,
      })),
    fixes: [
      // A label says what a store does: to write another one changes nothing.
      cells.length === refused.length ? report.fixes.weaken([...new Set(cells)], "causal") : undefined,
      report.fixes.removeAnnotation(method.available, "Drop `@Available()`"),
    ],
  });
}

const verbs = { read: "reads", write: "writes", update: "writes", unknown: "uses" };

function needsMajority(effect: StateEffect): boolean {
  if (effect.handled) return false; // The method has something to answer when this fails.
  if (effect.access === "unknown" || effect.access === "read") return effect.level === "linearizable";
  return isAtLeast(stateOf(effect).level, "sequential");
}

function helpOf(effect: StateEffect): string {
  const { name } = stateOf(effect);
  if (effect.access !== "read") return "Queue the request and reconcile";
  return "cell" in effect ? `Read \`${name}\` with \`.at("eventual")\`` : `Answer from a copy of \`${name}\``;
}

function makeWeaker(effects: readonly StateEffect[]): string {
  const names = (of: "cell" | "store"): readonly string[] => [
    ...new Set(effects.filter((effect) => of in effect).map((effect) => `\`${stateOf(effect).name}\``)),
  ];
  const cells = names("cell");
  const stores = names("store");
  const parts = [
    ...(cells.length > 0 ? [`make ${list(cells)} weaker`] : []),
    ...(stores.length > 0 ? [`use a store in place of ${list(stores)} that answers locally`] : []),
  ];
  return parts.join(", ");
}

function consequence(effect: StateEffect): string {
  if (effect.access === "read")
    return "The side without a majority cannot know whether its value is the latest: it can only refuse.";
  if ("store" in effect)
    return "The side without a majority can only refuse, or accept what contradicts what the other side accepts.";
  if (effect.cell.dataType === "log")
    return "The side without a majority can only refuse, or give two entries the same place.";
  if (effect.cell.dataType === "set" || effect.cell.dataType === "map")
    return "The side without a majority can only refuse, or let two clients take the same key.";
  return effect.cell.dataType === "counter"
    ? "The side without a majority can only refuse, or count past what the other side already gave away."
    : "The side without a majority can only refuse, or change a value that the other side changes too: the last item is sold twice.";
}

/** Replicas are placed round the regions in order, so the fullest region takes this many with it when it is cut off. */
function checkQuorum(call: MechanismCall, regions: FileModel["regions"], report: Report): void {
  const regionCount = regions.places.length;
  if (call.name !== "quorum" || call.options["sloppy"] === true || regionCount < 2) return;
  const { n, r, w } = call.options;
  if (typeof n !== "number" || n < 2 || !Number.isInteger(n)) return;
  const reached = n - Math.ceil(n / regionCount);
  const short = [
    ...(typeof w === "number" && w > reached && w <= n ? [{ what: "write", count: w, option: "w" }] : []),
    ...(typeof r === "number" && r > reached && r <= n ? [{ what: "read", count: r, option: "r" }] : []),
  ];
  if (short.length === 0) return;
  const needs = list(
    short.map(({ what, count, option }) => `every ${what} needs ${count} of ${n} replicas (\`${option}: ${count}\`)`),
  );
  report({
    at: call.site,
    message: `With this quorum ${needs}, but with one region cut off only ${reached} can be reached.`,
    why: `Over ${regionsText(regions)}, losing any one link stops ${list(short.map(({ what }) => `all ${what}s`))} on both sides, not just on the smaller one.`,
    help: `Ask for at most ${reached}: \`w\` above ${Math.floor(n / 2)} and \`r\` above ${n} − w still meet in a replica.`,
  });
}

function demandsAll(loop: ReplicaLoop): Problem {
  return {
    at: loop.site,
    message: `This loop writes \`${loop.cell.name}\` in every region and needs all of the writes to succeed.`,
    why: "With one region cut off it never succeeds, and what it already wrote elsewhere stays.",
    help: `Write \`${loop.cell.name}\` once, in one session, and let its level replicate it.`,
  };
}
