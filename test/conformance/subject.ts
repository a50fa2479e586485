import {
  Causal,
  type Counter,
  cache,
  counter,
  Eventual,
  type Level,
  type LevelAnnotation,
  Linearizable,
  type Log,
  log,
  type MechanismOptions,
  type MergingLevelOptions,
  map,
  NoConsistency,
  type Register,
  Replicated,
  type ReplicatedMap,
  type ReplicatedSet,
  register,
  Sequential,
  set,
  Transaction,
} from "../../runtime/src/index.js";

/** An object with a cell of each type, all at one level and with one mechanism: one domain. */
export interface Subject {
  readonly id: string;
  readonly register: Register<number>;
  /** What `register` is a copy of, where the mechanism copies. */
  readonly source?: Register<number>;
  readonly counter: Counter;
  readonly set: ReplicatedSet<number>;
  readonly map: ReplicatedMap<string, number>;
  readonly log: Log<number>;
  /** Reads the register of both and writes both. */
  exchange(other: Subject, mine: number, others: number): Promise<void>;
  /** Reads the register of both. */
  compare(other: Subject): Promise<void>;
}

export type SubjectClass = new (id: string) => Subject;

/** Below sequential, where replicas merge, how they do; the level's own way unless told. */
export type Merging = Pick<MergingLevelOptions, "merge" | "conflict">;

const merges: readonly Level[] = ["none", "eventual", "causal"];

/** The class that asks a level of a mechanism, which may give less: then runs of it are judged, and found. */
export function subjectAt(level: Level, mechanism: MechanismOptions, merging: Merging = {}): SubjectClass {
  const { merge, conflict } = merges.includes(level) ? merging : {};
  const plain = annotation(level, { mechanism });
  const registers = annotation(level, { mechanism, ...(merge === undefined ? {} : { merge }) });
  const sets = annotation(level, { mechanism, ...(conflict === undefined ? {} : { conflict }) });

  @Replicated()
  class Subject {
    @registers readonly register = register(0);
    @plain readonly counter = counter();
    @sets readonly set = set<number>();
    @sets readonly map = map<string, number>();
    @plain readonly log = log<number>();

    constructor(readonly id: string) {}

    @Transaction()
    async exchange(other: Subject, mine: number, others: number): Promise<void> {
      await this.register.read();
      await other.register.read();
      await this.register.write(mine);
      await other.register.write(others);
    }

    @Transaction()
    async compare(other: Subject): Promise<void> {
      await this.register.read();
      await other.register.read();
    }
  }
  return Subject;
}

/** The class whose register is a copy of another, which everyone can rely on. It has no cell of another type. */
export function copyAt(level: Level, ttlMs: number): SubjectClass {
  const copy = annotation(level, { mechanism: cache({ origin: "source", ttlMs }) });

  @Replicated()
  class Subject {
    @Linearizable() readonly source = register(0);
    @copy readonly register = register(0);
    constructor(readonly id: string) {}
  }
  return Subject as SubjectClass;
}

function annotation(level: Level, options: MergingLevelOptions): LevelAnnotation {
  switch (level) {
    case "none":
      return NoConsistency(options);
    case "eventual":
      return Eventual(options);
    case "causal":
      return Causal(options);
    case "sequential":
      return Sequential(options);
    case "linearizable":
      return Linearizable(options);
  }
}
