/**
 * Labels for the stores that an application already has: `linearizable(drizzle(pool))`. They say at which level a
 * store answers, for the rules to read; at run time each returns its argument.
 */
const label = <Store>(store: Store): Store => store;

/** A store that promises nothing: a cache, a CDN. */
export const none = label;
/** A store whose copies become equal some time: a replica read without waiting, Redis. */
export const eventual = label;
/** A store that shows no effect before its cause: causal sessions of MongoDB. */
export const causal = label;
/** A store with one order that all see: a Kafka partition, ZooKeeper. */
export const sequential = label;
/** A store that answers as one copy would: etcd, the primary of PostgreSQL. */
export const linearizable = label;
