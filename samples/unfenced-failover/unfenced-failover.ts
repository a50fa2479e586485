import { isIndeterminate, isUnavailable, Linearizable, log, primaryReplica, Replicated } from "@faultline/runtime";
import { isolate, scenario } from "@faultline/runtime/simulation";

/**
 * The comments of an issue, in a database with one primary. Nobody waits for its replicas, a watchdog promotes another
 * primary when it falls silent, and nothing keeps the old one from going on.
 */
@Replicated()
export class Issue {
  @Linearizable({
    // finding: no-unfenced-failover
    mechanism: primaryReplica({ acknowledge: "async", failover: "automatic", fencing: false }),
  })
  readonly comments = log<string>();

  constructor(readonly id: string) {}

  async comment(text: string): Promise<void> {
    await this.comments.append(text);
  }

  async texts(): Promise<readonly string[]> {
    return await this.comments.entries();
  }
}

/** The right one: whoever takes over has every acknowledged comment, and the old primary can acknowledge no more. */
@Replicated()
export class FencedIssue {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "sync", failover: "automatic", fencing: true }) })
  readonly comments = log<string>();

  constructor(readonly id: string) {}

  async comment(text: string): Promise<void> {
    await this.comments.append(text);
  }

  async texts(): Promise<readonly string[]> {
    return await this.comments.entries();
  }
}

/** The first region is the first primary. Then 43 seconds in which the East Coast hears nothing of the others. */
const world = {
  regions: ["virginia", "oregon", "ohio"],
  faults: [isolate("virginia", { fromMs: 2_000, untilMs: 45_000 })],
} as const;

/** Who comments is told whether it is saved; the others read on. */
async function saved(comment: Promise<void>): Promise<boolean> {
  try {
    await comment;
    return true;
  } catch (error) {
    if (isUnavailable(error) || isIndeterminate(error)) return false;
    throw error;
  }
}

/** Two people comment on one issue, one on each coast, before and during the partition. */
export const splitIssue = scenario(
  "what was saved stays saved",
  world,
  async ({ session, sleep, random, converged }) => {
    const confirmed: string[] = [];
    converged("no confirmed comment is missing", async (reader) => {
      const texts = await reader.open(Issue, "#1021").texts();
      const missing = confirmed.filter((text) => !texts.includes(text));
      return missing.join(", ") === "";
    });

    const discuss = async (region: "virginia" | "oregon", texts: readonly string[]) => {
      const issue = session(region).open(Issue, "#1021");
      for (const [index, text] of texts.entries()) {
        await sleep(index === 0 ? random() * 2_000 : 12_000 + random() * 3_000);
        if (await saved(issue.comment(text))) confirmed.push(text);
      }
    };
    await Promise.all([
      discuss("virginia", ["it fails here", "found it", "fixed in 4.1"]),
      discuss("oregon", ["same here", "any news?", "closing"]),
      sleep(50_000),
    ]);
  },
);

/** The same discussion: in the East a comment may be refused, and whoever wrote it is told. */
export const splitIssueFixed = scenario(
  "what was saved stays saved, with fencing",
  world,
  async ({ session, sleep, random, converged }) => {
    const confirmed: string[] = [];
    converged("no confirmed comment is missing", async (reader) => {
      const texts = await reader.open(FencedIssue, "#1021").texts();
      const missing = confirmed.filter((text) => !texts.includes(text));
      return missing.join(", ") === "";
    });

    const discuss = async (region: "virginia" | "oregon", texts: readonly string[]) => {
      const issue = session(region).open(FencedIssue, "#1021");
      for (const [index, text] of texts.entries()) {
        await sleep(index === 0 ? random() * 2_000 : 12_000 + random() * 3_000);
        if (await saved(issue.comment(text))) confirmed.push(text);
      }
    };
    await Promise.all([
      discuss("virginia", ["it fails here", "found it", "fixed in 4.1"]),
      discuss("oregon", ["same here", "any news?", "closing"]),
      sleep(50_000),
    ]);
  },
);
