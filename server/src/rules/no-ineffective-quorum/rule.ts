import { isAtLeast } from "../../../../runtime/src/levels.js";
import type { MechanismCall } from "../../analysis/model.js";
import type { Fix } from "../../documents/finding.js";
import type { Configuration } from "../common/configurations.js";
import { configurationsOf } from "../common/configurations.js";
import type { Report, Rule } from "../rule.js";
import { levelName, list } from "../words.js";

/** What is wrong with the numbers, and what it costs. */
interface Reason {
  readonly what: string;
  readonly why: string;
}

/** Numbers that would do. */
type Numbers = Readonly<Record<string, number>>;

/**
 * Quorums that give one order have to meet: each read with the last write, and each write with the write before
 * (Gifford, Weighted voting for replicated data, SOSP 1979, §2).
 */
export const noIneffectiveQuorum: Rule = {
  id: "no-ineffective-quorum",
  severity: "error",
  summary: "Quorums that do not meet, and replica counts that survive no further failure.",
  check(model, report) {
    for (const configuration of configurationsOf(model)) {
      if (isAtLeast(configuration.level, "sequential")) checkConfiguration(configuration, report);
    }
  },
};

function checkConfiguration(configuration: Configuration, report: Report): void {
  const { call, level, at } = configuration;
  const cells = configuration.cells.filter((cell) => cell.level !== undefined && isAtLeast(cell.level, "sequential"));
  const reasons = reasonsOf(call);
  if (reasons.length === 0) return;
  const names = list(cells.map((cell) => `\`${cell.name}\``));
  const numbers = correctedNumbers(call);
  const help = numbers.map((each) => `\`${call.name}({ ${written(each)} })\``);
  report({
    at,
    message: `${names} ${cells.length === 1 ? "is" : "are"} to be ${levelName(level)}, but with this ${call.name === "quorum" ? "quorum" : "Raft group"} ${list(reasons.map(({ what }) => what))}.`,
    why: reasons.map(({ why }) => why).join(" "),
    help: `Use ${list(help, "or")}.`,
    related: cells
      .filter((cell) => cell.site.file !== at.file || cell.site.range.start.line !== at.range.start.line)
      .map((cell) => ({ at: cell.site, message: `\`${cell.name}\` is kept by it` })),
    fixes: numbers.map((each): Fix | undefined => report.fixes.configure(call, each, "suggested")),
  });
}

function reasonsOf({ name, options }: MechanismCall): readonly Reason[] {
  if (name === "raft") return isCount(options["replicas"]) ? reasonsOfCount(options["replicas"], "replicas") : [];
  if (name !== "quorum") return [];
  const { n, r, w } = options;
  if (!isCount(n)) return [];
  return [...reasonsOfVotes(n, r, w), ...reasonsOfCount(n, "n")];
}

function reasonsOfVotes(n: number, r: unknown, w: unknown): readonly Reason[] {
  const reasons: Reason[] = [];
  if (isCount(r) && isCount(w) && r + w <= n)
    reasons.push({
      what: `a read may miss the last write (r + w = ${r + w} does not exceed n = ${n})`,
      why: `The ${replicas(r)} that a read asks need not include any of the ${replicas(w)} that took the last write: it returns the old value as if nothing had been written.`,
    });
  if (isCount(w) && 2 * w <= n)
    reasons.push({
      what: `two writes may miss each other (2 × w = ${2 * w} does not exceed n = ${n})`,
      why: `Two clients write to ${replicas(w)} each, none of them the same: both are told that they succeeded, and one write is lost.`,
    });
  return reasons;
}

/** Of an even number a majority is one more than half, so the last replica is one more to wait for and saves nothing. */
function reasonsOfCount(count: number, option: string): readonly Reason[] {
  if (count < 3)
    return [
      {
        what: `no failure is survived (\`${option}: ${count}\`)`,
        why:
          count === 1
            ? "The only replica takes everything with it when it fails."
            : "A majority of 2 replicas is both of them: when either fails, or the two cannot reach each other, nothing is answered.",
      },
    ];
  if (count % 2 === 1) return [];
  const survived = count / 2 - 1;
  return [
    {
      what: `the ${ordinal(count)} replica adds no fault tolerance (\`${option}: ${count}\`)`,
      why: `A majority of ${count} is ${count / 2 + 1}, so ${failures(survived)} ${survived === 1 ? "is" : "are"} survived, as with ${count - 1} replicas: there is one more to pay, to wait for, and to fail.`,
    },
  ];
}

/** The next odd numbers with majorities; what was asked for stays as far as it works. */
function correctedNumbers({ name, options }: MechanismCall): readonly Numbers[] {
  const count = options[name === "raft" ? "replicas" : "n"];
  if (!isCount(count)) return [];
  const counts = count < 3 ? [3] : count % 2 === 0 ? [count - 1, count + 1] : [count];
  if (name === "raft") return counts.map((replicas) => ({ replicas }));
  return counts.map((n) => {
    const majority = Math.floor(n / 2) + 1;
    if (n !== count) return { n, r: majority, w: majority };
    const w = Math.max(majority, isCount(options["w"]) ? options["w"] : 0);
    return { n, r: Math.max(n - w + 1, isCount(options["r"]) ? options["r"] : 0), w };
  });
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

function written(numbers: Numbers): string {
  return Object.entries(numbers)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}

function replicas(count: number): string {
  return count === 1 ? "1 replica" : `${count} replicas`;
}

function failures(count: number): string {
  return count === 1 ? "1 failure" : `${count} failures`;
}

function ordinal(count: number): string {
  if (count % 100 === 12) return `${count}th`;
  return `${count}${count % 10 === 2 ? "nd" : "th"}`;
}
