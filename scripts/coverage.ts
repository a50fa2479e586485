// What the source document names, and the code, the test and the sample that make it true: docs/coverage.md.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.js";

interface Row {
  /** In the words of the document. */
  readonly subject: string;
  /** Files or folders, from the repository's root. */
  readonly code: readonly [string, ...string[]];
  readonly tests: readonly [string, ...string[]];
  /** Folders of `samples/`, at least one. */
  readonly samples: readonly [string, ...string[]];
}

const mechanism = (id: string): string => `runtime/src/mechanisms/${id}`;
const rule = (id: string): string => `server/src/rules/${id}`;
const levelTests = "test/conformance/conformance.test.ts";
const sampleTests = "samples/samples.test.ts";
/** What samples and pages say that the commands print. */
const outputTests = "test/docs/command-output.test.ts";

const rows: readonly Row[] = [
  {
    subject: "Level 0, no consistency: caches, CDN, DNS",
    code: ["runtime/src/decorators/no-consistency.ts", mechanism("isolated"), mechanism("cache")],
    tests: [`${mechanism("cache")}/cache.test.ts`, sampleTests],
    samples: ["cdn-cache"],
  },
  {
    subject:
      "Level 1, eventual: gossip, vector clocks, last writer wins; Dynamo's write and read path; the shopping cart",
    code: ["runtime/src/decorators/eventual.ts", mechanism("gossip"), mechanism("quorum"), "runtime/src/data"],
    tests: [levelTests, `${mechanism("quorum")}/operations.test.ts`, sampleTests],
    samples: ["shopping-cart", "narrow-quorum", "quorum-without-write-back"],
  },
  {
    subject: "Level 2, causal: vector clocks, dependency buffer; comments",
    code: ["runtime/src/decorators/causal.ts", mechanism("causal-broadcast")],
    tests: [levelTests, "runtime/src/checkers/causal/white-box.test.ts", sampleTests],
    samples: ["social-comments"],
  },
  {
    subject: "Level 3, sequential: total order, sequence numbers; Kafka's partition log",
    code: ["runtime/src/decorators/sequential.ts", mechanism("ordered-log")],
    tests: [levelTests, `${mechanism("ordered-log")}/stories.test.ts`, sampleTests],
    samples: ["partition-log"],
  },
  {
    subject: "Level 4, linearizable: Raft, leader reads and quorum reads; Spanner's TrueTime and two-phase commit",
    code: ["runtime/src/decorators/linearizable.ts", mechanism("raft"), mechanism("true-time")],
    tests: [levelTests, `${mechanism("raft")}/levels.test.ts`, `${mechanism("true-time")}/levels.test.ts`, sampleTests],
    samples: ["bank-transfer", "spanner-commit-wait", "leader-reads", "lease-drift"],
  },
  {
    subject: "The ordering problem (three nodes, one instant), CAP, PACELC",
    code: ["runtime/src/advice/cap", "runtime/src/levels.ts", "server/src/compare"],
    tests: ["samples/what-should-tokyo-read/what-should-tokyo-read.test.ts", sampleTests],
    samples: ["what-should-tokyo-read"],
  },
  {
    subject: "Physics: distances, fibre, routing, floors of round trips",
    code: ["runtime/src/advice/latency", rule("no-impossible-latency")],
    tests: ["runtime/src/advice/latency/latency.test.ts", `${rule("no-impossible-latency")}/cases.fixture`],
    samples: ["what-should-tokyo-read"],
  },
  {
    subject: "Master-slave replication, lag, failover, GitHub's 43 seconds",
    code: [mechanism("primary-replica")],
    tests: [`${mechanism("primary-replica")}/split-brain.test.ts`, sampleTests],
    samples: ["split-brain-failover"],
  },
  {
    subject:
      "Multi-master: lost update, colliding ids, resurrected delete; last writer wins, siblings, merging in the application",
    code: [mechanism("multi-primary"), "runtime/src/data/register.ts"],
    tests: [`${mechanism("multi-primary")}/problems.test.ts`, sampleTests],
    samples: ["multi-primary-conflicts", "wall-clock-winner"],
  },
  {
    subject: "Raft: election, replication, commit, 2f + 1",
    code: [mechanism("raft"), mechanism("consensus")],
    tests: [`${mechanism("raft")}/stories.test.ts`, `${mechanism("consensus")}/random-schedules.test.ts`, sampleTests],
    samples: ["raft-under-partition"],
  },
  {
    subject: "Event sourcing: events, aggregate, time travel, snapshots, storage; Walmart's inventory",
    code: ["runtime/src/eventsourcing"],
    tests: [
      "runtime/src/eventsourcing/levels.test.ts",
      "samples/walmart-inventory/million-events.test.ts",
      "test/docs/programs.test.ts",
      sampleTests,
    ],
    samples: ["walmart-inventory"],
  },
  {
    subject: "CQRS: commands, handlers, event bus, projections, read models; Netflix",
    code: ["runtime/src/cqrs"],
    tests: ["runtime/src/cqrs/cqrs.test.ts", "runtime/src/cqrs/levels.test.ts", sampleTests],
    samples: ["netflix-viewing"],
  },
  {
    subject: "Airbnb: levels per concern",
    code: ["samples/airbnb-booking/airbnb-booking.ts"],
    tests: [sampleTests],
    samples: ["airbnb-booking"],
  },
  {
    subject: "Uber: surge pricing, V1 and V2",
    code: ["samples/uber-surge/uber-surge.ts"],
    tests: [sampleTests],
    samples: ["uber-surge"],
  },
  {
    subject: "WhatsApp: messages and presence",
    code: ["samples/whatsapp-messaging/whatsapp-messaging.ts"],
    tests: [sampleTests],
    samples: ["whatsapp-messaging"],
  },
  {
    subject: "Zillow: buying on prices that lag one's own buys",
    code: ["samples/zillow-feedback/zillow-feedback.ts"],
    tests: [sampleTests],
    samples: ["zillow-feedback"],
  },
  {
    subject: "Step 1, data classification",
    code: ["runtime/src/advice/classification", rule("no-overkill-level"), rule("no-underkill-level")],
    tests: ["runtime/src/advice/classification/classify.test.ts", sampleTests],
    samples: ["strong-by-default"],
  },
  {
    subject: "Step 2, the cost of consistency",
    code: ["runtime/src/advice/cost"],
    tests: ["runtime/src/advice/cost/cost.test.ts"],
    samples: ["strong-by-default"],
  },
  {
    subject: "Step 3, the decision matrix",
    code: ["server/src/advise", "server/src/cli/advise.ts"],
    tests: ["server/src/advise/decision.test.ts", "server/src/cli/advise.test.ts", outputTests],
    samples: ["strong-by-default"],
  },
  {
    subject: "Audit your assumptions; one dataset that could be weaker",
    code: ["server/src/audit", "server/src/cli/audit.ts"],
    tests: ["server/src/cli/audit.test.ts", outputTests],
    samples: ["strong-by-default"],
  },
  {
    subject: "Anti-pattern 1, consistency by default",
    code: [rule("no-strong-counter"), rule("no-overkill-level")],
    tests: [`${rule("no-strong-counter")}/cases.fixture`, `${rule("no-overkill-level")}/cases.fixture`, sampleTests],
    samples: ["strong-by-default"],
  },
  {
    subject: "Anti-pattern 2, ignoring CAP",
    code: [rule("no-cap-impossible-write"), rule("no-impossible-latency"), rule("no-ineffective-quorum")],
    tests: [
      `${rule("no-cap-impossible-write")}/cases.fixture`,
      `${rule("no-ineffective-quorum")}/cases.fixture`,
      sampleTests,
    ],
    samples: ["narrow-quorum", "strong-by-default"],
  },
  {
    subject: "Anti-pattern 3, mixing levels",
    code: [rule("no-mixed-levels-in-transaction"), rule("no-weak-guard"), rule("no-weak-value-in-strong-write")],
    tests: [`${rule("no-mixed-levels-in-transaction")}/cases.fixture`, `${rule("no-weak-guard")}/cases.fixture`],
    samples: ["bank-transfer", "recorded-transfers"],
  },
  {
    subject: "Consistency monitoring; what happens when guarantees break",
    code: ["runtime/src/deployment/recording", "server/src/verify", "server/src/simulate"],
    tests: ["server/src/cli/verify.test.ts", "server/src/cli/simulate.test.ts"],
    samples: ["bank-transfer"],
  },
];

/** @throws Error for a path that is not there: a row whose code is gone is no longer true. */
export function coveragePage(): string {
  const missing = rows
    .flatMap(({ code, tests, samples }) => [...code, ...tests, ...samples.map((id) => `samples/${id}`)])
    .filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) throw new Error(`docs/coverage.md would lead to what is not there: ${missing.join(", ")}`);
  const links = (paths: readonly string[]) =>
    paths.map((path) => `[\`${path.split("/").at(-1)}\`](../${path})`).join("<br>");
  const samplesOf = ({ samples }: Row) => samples.map((id) => `[${id}](../samples/${id})`).join("<br>");
  const table = rows.map((row) => `| ${row.subject} | ${links(row.code)} | ${links(row.tests)} | ${samplesOf(row)} |`);
  return `${[
    "# Where the source document is made true",
    "",
    "Faultline began as an answer to an episode on state management in distributed systems. Each of its subjects, and the code,",
    "the test and the sample that make it true. `npm run generate` writes this page and refuses a path that is not there.",
    "",
    "| subject | code | tests | sample |",
    "|---|---|---|---|",
    ...table,
  ].join("\n")}\n`;
}
