import { isAtLeast, type Level } from "../../../../runtime/src/levels.js";
import { claimsOf } from "../../../../runtime/src/mechanisms/claims-by-mechanism.js";
import type { MechanismCall } from "../../analysis/model.js";
import { type Configuration, configurationsOf, isIneffectiveQuorum, isUnfenced } from "../common/configurations.js";
import type { Report, Rule } from "../rule.js";
import { capitalised, levelName, list } from "../words.js";

/**
 * A level is what the code asks for, a mechanism how it is provided. What each configuration provides is the runtime's own
 * table, held by simulation on thousands of seeds (docs/conformance.md).
 */
export const noOverclaimedLevel: Rule = {
  id: "no-overclaimed-level",
  severity: "error",
  summary: "A level whose mechanism, as it is configured, cannot give it.",
  check(model, report) {
    for (const configuration of configurationsOf(model)) check(configuration, report);
  },
};

function check(configuration: Configuration, report: Report): void {
  const { call, level } = configuration;
  // What is not literal may be anything; and where a more specific rule speaks, this one does not.
  if (!call.isComplete || isUnfenced(configuration) || isIneffectiveQuorum(configuration)) return;
  if (call.name === "quorum" && !["n", "r", "w"].every((name) => typeof call.options[name] === "number")) return;
  const claims = claimsOf(call.name, call.options);
  if (claims !== undefined && !isAtLeast(claims.level, level)) tell(configuration, claims, report);
}

function tell(
  { call, at, cells: all }: Configuration,
  { level: claimed, caveat, remedies }: NonNullable<ReturnType<typeof claimsOf>>,
  report: Report,
): void {
  const cells = all.filter((cell) => cell.level !== undefined && !isAtLeast(claimed, cell.level));
  const asked = list(cells.map((cell) => `\`${cell.name}\` (${levelName(cell.level as Level)})`));
  const wanted = strongest(cells.map((cell) => cell.level as Level));
  report({
    at,
    message: `${asked} ${cells.length === 1 ? "is" : "are"} kept by \`${call.name}()\`, which as it is configured gives ${claimed === "none" ? "none of that" : `only ${claimed}`}.`,
    why: `${capitalised(caveat ?? "nothing in it gives more")}. Code that relies on ${levelName(wanted)} breaks when that happens.`,
    help: `${remedies.map((remedy) => `Set ${remedy}. `).join("")}Leave the mechanism out, or ask for ${levelName(claimed)} and let the code live with it.`,
    related: cells
      .filter((cell) => cell.site.file !== at.file || cell.site.range.start.line !== at.range.start.line)
      .map((cell) => ({ at: cell.site, message: `\`${cell.name}\` asks for ${levelName(cell.level as Level)}` })),
    fixes: [
      ...cures(call, wanted).map((options) => report.fixes.configure(call, options, "suggested")),
      report.fixes.defaultMechanism(cells),
    ],
  });
}

/** The fewest options with which the same mechanism gives what is wanted. */
function cures(call: MechanismCall, wanted: Level): readonly MechanismCall["options"][] {
  const enough = (candidates[call.name] ?? []).filter((options) => {
    const claims = claimsOf(call.name, { ...call.options, ...options });
    return claims !== undefined && isAtLeast(claims.level, wanted);
  });
  return enough.slice(0, 1);
}

const candidates: Readonly<Record<string, readonly MechanismCall["options"][]>> = {
  raft: [{ reads: "readIndex" }],
  trueTime: [{ commitWait: true }],
  quorum: [{ writeBack: true }, { sloppy: false }, { writeBack: true, sloppy: false }],
  primaryReplica: [
    { acknowledge: "sync" },
    { reads: "primary" },
    { fencing: true },
    { acknowledge: "sync", reads: "primary" },
    { acknowledge: "sync", fencing: true },
    { reads: "primary", fencing: true },
    { acknowledge: "sync", reads: "primary", fencing: true },
  ],
};

const strongest = (levels: readonly Level[]): Level =>
  levels.reduce((most, level) => (isAtLeast(most, level) ? most : level));
