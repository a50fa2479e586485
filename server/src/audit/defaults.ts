import type { Level } from "../../../runtime/src/levels.js";
import type { StoreUse, TechnologyId } from "../analysis/inventory/index.js";

/** What a store gives who asks for nothing. */
export interface Given {
  readonly title: string;
  /** What its parts are called: "table". */
  readonly kind: string;
  /** Null: it depends on what the code does not show, or no level fits what it is. */
  readonly level: Level | null;
  readonly reason: string;
  /** It hands on what it is given, so that what it holds is no state to have a level for. */
  readonly delivers?: true;
}

const primary =
  "one row at the primary; replicas lag, and of several rows only what the isolation level says (read committed, unless told)";

/** By what their makers promise, in the case that a node fails: that is when levels differ. */
const given: Readonly<Record<TechnologyId, Given>> = {
  prisma: { title: "Prisma", kind: "model", level: null, reason: "its schema does not say here which database it is" },
  postgresql: { title: "PostgreSQL", kind: "table", level: "linearizable", reason: primary },
  mysql: {
    title: "MySQL",
    kind: "table",
    level: "linearizable",
    reason:
      "one row at the primary; replicas lag, and a plain read in a transaction is of its first moment (repeatable read)",
  },
  sql: { title: "SQL", kind: "table", level: null, reason: "the code does not say here which database it is" },
  mongodb: {
    title: "MongoDB",
    kind: "collection",
    level: "eventual",
    reason:
      'a read at the primary with the default concern "local" may show what a failover takes back; linearizable and causal sessions have to be asked for',
  },
  redis: {
    title: "Redis",
    kind: "key",
    level: "eventual",
    reason: "replication is asynchronous, so that a failover loses writes that were answered, whatever WAIT says",
  },
  kafka: {
    title: "Kafka",
    kind: "topic",
    level: null,
    reason: "one order in each partition, and none between partitions; delivered at least once",
    delivers: true,
  },
  queue: {
    title: "A queue",
    kind: "queue",
    level: null,
    reason: "it delivers and holds nothing: at least once, and in no order once there are several consumers",
    delivers: true,
  },
  dynamodb: {
    title: "DynamoDB",
    kind: "table",
    level: "eventual",
    reason: "reads are eventually consistent unless they ask for ConsistentRead",
  },
  s3: {
    title: "S3",
    kind: "bucket",
    level: "linearizable",
    reason: "one object, strong read after write; the last writer wins",
  },
  "aws-queue": {
    title: "A queue of AWS",
    kind: "queue",
    level: null,
    reason: "it delivers and holds nothing: at least once, and in no order unless it is FIFO",
    delivers: true,
  },
  search: {
    title: "A search index",
    kind: "index",
    level: "eventual",
    reason: "what was written is found after the next refresh",
  },
  cassandra: {
    title: "Cassandra",
    kind: "table",
    level: "eventual",
    reason: "the driver asks one replica (LOCAL_ONE) unless told",
  },
  spanner: {
    title: "Spanner",
    kind: "table",
    level: "linearizable",
    reason: "strong reads unless staleness is asked for",
  },
  firestore: {
    title: "Firestore",
    kind: "collection",
    level: "linearizable",
    reason: "reads of the server; what a client has offline is older",
  },
  etcd: {
    title: "etcd",
    kind: "key",
    level: "linearizable",
    reason: "linearizable reads unless serializable ones are asked for",
  },
  memcached: {
    title: "memcached",
    kind: "key",
    level: "none",
    reason: "copies that nobody renews: one server holds each, and forgets it when it has to",
  },
  "process-cache": {
    title: "A cache in the process",
    kind: "key",
    level: "none",
    reason:
      "each process has a copy of its own, of which the others do not know (unless it was made with a store that they share)",
  },
};

const providers: Readonly<Record<string, { readonly title: string; readonly as: TechnologyId }>> = {
  postgresql: { title: "PostgreSQL", as: "postgresql" },
  postgres: { title: "PostgreSQL", as: "postgresql" },
  mysql: { title: "MySQL", as: "mysql" },
  mongodb: { title: "MongoDB", as: "mongodb" },
};

/** `providers` are those of the schemas of Prisma; where they differ nothing is known. */
export function givenBy(technology: TechnologyId, prismaProviders: readonly string[]): Given {
  const own = given[technology];
  const [provider, ...others] = new Set(prismaProviders);
  const known = provider === undefined || others.length > 0 ? undefined : providers[provider];
  if (technology !== "prisma") return own;
  if (provider === "cockroachdb")
    return {
      ...own,
      title: "Prisma on CockroachDB",
      level: "linearizable",
      reason: "one key; transactions are serializable",
    };
  if (provider === "sqlite")
    return {
      ...own,
      title: "Prisma on SQLite",
      level: "linearizable",
      reason: "one file on one machine, which nothing replicates",
    };
  if (known === undefined) return own;
  const { level, reason } = given[known.as];
  return { ...own, title: `Prisma on ${known.title}`, level, reason };
}

/** Undefined where a call says nothing that differs from what its store gives anyway. */
export function askedFor(technology: TechnologyId, { options, action }: StoreUse): Level | undefined {
  if (options === "") return undefined;
  switch (technology) {
    case "dynamodb":
      return action === "read" && /ConsistentRead: true/.test(options) ? "linearizable" : undefined;
    case "mongodb":
      return /readPreference\w*: .*(?:secondary|nearest)/i.test(options)
        ? "eventual"
        : /readConcern\w*: .*linearizable/i.test(options)
          ? "linearizable"
          : undefined;
    case "cassandra":
      return undefined;
    case "spanner":
      return /[sS]taleness/.test(options) ? "sequential" : undefined;
    default:
      return undefined;
  }
}
