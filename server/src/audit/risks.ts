import type { StoreUse } from "../analysis/inventory/index.js";
import type { AuditRisk } from "./audit.js";
import { givenBy } from "./defaults.js";

type Located = (site: StoreUse["site"]) => AuditRisk["location"];

/** What is wrong whatever the level: seen in code that nobody annotated, and said only where two calls show it. */
export function risksIn(uses: readonly StoreUse[], located: Located): readonly AuditRisk[] {
  const groups = new Map<string, StoreUse[]>();
  for (const use of uses) {
    if (use.within === undefined) continue;
    const key = `${use.site.file}#${use.within}`;
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  return [...groups.values()].flatMap((group) => [...lostUpdates(group, located), ...dualWrites(group, located)]);
}

/** What is written is made from what was read, and nothing makes sure that it is still there. */
function lostUpdates(group: readonly StoreUse[], located: Located): readonly AuditRisk[] {
  return group.flatMap((write, index): readonly AuditRisk[] => {
    const { transaction } = write;
    if (write.action !== "write" || write.isRelative || write.dataset === undefined) return [];
    if (transaction !== "none" && (transaction !== "default" || !overwriting.has(write.technology))) return [];
    const read = group
      .slice(0, index)
      .find(
        ({ action, technology, dataset, result }) =>
          action === "read" &&
          technology === write.technology &&
          dataset === write.dataset &&
          result !== undefined &&
          write.values.includes(result),
      );
    if (read === undefined || /^(?:create|insert|add)/.test(write.operation)) return [];
    if (group.some(({ locks }) => locks)) return [];
    const message = `\`${write.within}\` reads \`${write.dataset}\` and writes it anew from what it read, ${transaction === "none" ? "in no transaction" : "in a transaction of the default isolation, which lets others write in between"}: of two at once, one is lost.`;
    return [{ kind: "lost update", message, location: located(write.site) }];
  });
}

const brokers: ReadonlySet<StoreUse["technology"]> = new Set(["kafka", "queue", "aws-queue"]);
const databases: ReadonlySet<StoreUse["technology"]> = new Set([
  ...(["prisma", "postgresql", "mysql", "sql", "mongodb", "dynamodb", "cassandra", "spanner", "firestore"] as const),
]);

/** Read committed, and the repeatable read of MySQL, let a write take the place of one that the reader has not seen. */
const overwriting: ReadonlySet<StoreUse["technology"]> = new Set(["prisma", "postgresql", "mysql", "sql"] as const);

/** A row and a message: whoever crashes between the two has done one of them. */
function dualWrites(group: readonly StoreUse[], located: Located): readonly AuditRisk[] {
  const written = group.find(
    ({ technology, action, dataset }) =>
      databases.has(technology) && action !== "read" && action !== "unknown" && !/outbox/i.test(dataset ?? ""),
  );
  const hasOutbox = group.some(({ dataset }) => /outbox/i.test(dataset ?? ""));
  const sent = group.find(
    ({ technology, action }) => brokers.has(technology) && (action === "send" || action === "write"),
  );
  if (written === undefined || sent === undefined || hasOutbox) return [];
  const what = `\`${written.dataset ?? givenBy(written.technology, []).title}\``;
  const where = sent.dataset === undefined ? givenBy(sent.technology, []).title : `\`${sent.dataset}\``;
  const message = `\`${written.within}\` writes ${what} and sends to ${where}: a crash in between leaves one without the other. An outbox in the same transaction does not.`;
  return [{ kind: "dual write", message, location: located(sent.site) }];
}
