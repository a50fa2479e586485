import {
  Eventual,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  log,
  primaryReplica,
  Replicated,
} from "@faultline/runtime";
import { isolate, type ScenarioContext, type Session, scenario } from "@faultline/runtime/simulation";

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

/** Many more read than write: they are served by the replica next to them, which may be behind the primary. */
@Replicated()
export class CopiedIssue {
  // finding: no-underkill-level
  @Eventual({ mechanism: primaryReplica({ acknowledge: "async", reads: "local" }) }) readonly comments = log<string>();

  constructor(readonly id: string) {}

  async comment(text: string): Promise<void> {
    await this.comments.append(text);
  }

  async texts(): Promise<readonly string[]> {
    return await this.comments.entries();
  }
}

const cutMs = 2_000;
const healMs = cutMs + 43_000;

/** The first region is the first primary. Then 43 seconds in which the East Coast hears nothing of the others. */
const world = {
  regions: ["virginia", "oregon", "ohio"],
  faults: [isolate("virginia", { fromMs: cutMs, untilMs: healMs })],
} as const;

interface Discussed {
  comment(text: string): Promise<void>;
  texts(): Promise<readonly string[]>;
}

/** When they comment on either coast: as soon as it is cut, again when the first has an answer, and when it is over. */
const timesMs = [cutMs, cutMs + 2_200, healMs];

/** Whoever comments is told whether that is saved, and reads on if it is not. */
async function discuss(
  { session, sleep, random, now, converged, measure }: ScenarioContext<"virginia" | "oregon">,
  issueOf: (reader: Session) => Discussed,
): Promise<void> {
  const confirmed: { readonly text: string; readonly coast: string; readonly atMs: number }[] = [];
  const missingFrom = (texts: readonly string[]) =>
    confirmed.flatMap(({ text }) => (texts.includes(text) ? [] : [text]));
  converged("no confirmed comment is missing", async (reader) => {
    const missing = missingFrom(await issueOf(reader).texts());
    measure("confirmed and gone", missing.length, { unit: "comments" });
    return missing.join(", ") === "";
  });

  const commentFrom = async (coast: "virginia" | "oregon") => {
    const issue = issueOf(session(coast));
    for (const [index, timeMs] of timesMs.entries()) {
      await sleep(timeMs + random() * 100 - now());
      const text = `${coast} ${index + 1}`;
      if (await isSaved(issue.comment(text))) confirmed.push({ text, coast, atMs: now() });
    }
  };
  await Promise.all([commentFrom("virginia"), commentFrom("oregon")]);

  const firstOf = (coast: string) => confirmed.find((one) => one.coast === coast && one.atMs > cutMs)?.atMs ?? now();
  const [eastMs, westMs] = [firstOf("virginia"), firstOf("oregon")];
  measure("virginia can save nothing for", (eastMs - cutMs) / 1_000, { unit: "s" });
  measure("oregon can save nothing for", (westMs - cutMs) / 1_000, { unit: "s" });
  measure("two primaries confirm for", (healMs - Math.min(healMs, Math.max(eastMs, westMs))) / 1_000, {
    unit: "s",
    claim: "43 s",
  });
}

async function isSaved(comment: Promise<void>): Promise<boolean> {
  try {
    await comment;
    return true;
  } catch (error) {
    if (isUnavailable(error) || isIndeterminate(error)) return false;
    throw error;
  }
}

/** Two primaries, each of which says "saved". */
export const splitIssue = scenario("what was saved stays saved", world, (context) =>
  discuss(context, (reader) => reader.open(Issue, "#1021")),
);

/** The same discussion: in the East a comment may be refused, and whoever wrote it is told. */
export const splitIssueFixed = scenario("what was saved stays saved, with fencing", world, (context) =>
  discuss(context, (reader) => reader.open(FencedIssue, "#1021")),
);

/** No fault at all: she comments in Virginia, and the next page is served in Oregon. */
export const reloadedPage = scenario(
  "a saved comment is there when the page is loaded again",
  { regions: world.regions },
  async ({ session, sleep, random, now, check, measure }) => {
    const she = session("virginia");
    await she.open(CopiedIssue, "#1021").comment("it fails here");
    const savedMs = now();
    she.moveTo("oregon");
    const copy = session("oregon").open(CopiedIssue, "#1021");
    const arrives = async () => {
      while ((await copy.texts()).length === 0) await sleep(2);
      measure("oregon lags behind by", now() - savedMs, { unit: "ms" });
    };
    const reload = async () => {
      await sleep(random() * 100);
      const askedMs = now();
      await check("her comment is there", async () => (await she.open(CopiedIssue, "#1021").texts()).length === 1);
      measure("a page in oregon takes", now() - askedMs, { unit: "ms" });
    };
    await Promise.all([arrives(), reload()]);
  },
);

/** The same page, read where it was written: no lag, and a way across the continent for each page. */
export const reloadedPageFixed = scenario(
  "a saved comment is there when pages come from the primary",
  { regions: world.regions },
  async ({ session, sleep, random, now, check, measure }) => {
    const she = session("virginia");
    await she.open(FencedIssue, "#1021").comment("it fails here");
    she.moveTo("oregon");
    await sleep(random() * 100);
    const askedMs = now();
    await check("her comment is there", async () => (await she.open(FencedIssue, "#1021").texts()).length === 1);
    measure("a page in oregon takes", now() - askedMs, { unit: "ms" });
  },
);
