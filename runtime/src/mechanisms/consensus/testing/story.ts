import type { Reply, Request } from "../../machine.js";
import { defaultCompaction } from "../compaction.js";
import type { ReadPosition } from "../requests.js";
import { type Call, Cluster } from "./cluster.js";

/** One way between New York, London and Tokyo, in microseconds. */
const latencies: Readonly<Record<string, number>> = {
  "nyc london": 28_000,
  "london tokyo": 48_000,
  "nyc tokyo": 54_000,
};
const regions = ["nyc", "london", "tokyo"];
const timeoutUs = 2_000_000;

/**
 * A story of a cluster as text: a command, a line of dashes, what came of it, an empty line. Lines that begin with `#`
 * are for the reader. Gives the same text with the outputs of this run, to be compared with the file.
 *
 * Commands: `start leader=london seed=2 snapshots=4` (one every four entries), `run 2 s`, `partition nyc | london tokyo`, `heal`, `crash nyc`, `restart nyc`,
 * `write nyc x=1 as alice`, `read tokyo x as alice`; `begin write …` or `begin read …` does not wait for the answer, `await`
 * waits for all of them; `status`.
 */
export function retell(script: string, readPosition: ReadPosition): string {
  const story = new Story(readPosition);
  return `${script
    .trimEnd()
    .split("\n\n")
    .map((block) => retellBlock(block, story))
    .join("\n\n")}\n`;
}

function retellBlock(block: string, story: Story): string {
  const lines = block.split("\n");
  const remarks = lines.filter((line) => line.startsWith("#"));
  const dashes = lines.indexOf("----");
  const commands = lines.slice(remarks.length, dashes < 0 ? undefined : dashes);
  if (commands.length === 0) return block;
  const output = commands.flatMap((command) => story.tell(command));
  return [...remarks, ...commands, "----", ...output].join("\n");
}

class Story {
  private cluster = this.newCluster(0, 1, defaultCompaction.everyEntries);
  private readonly output: string[] = [];
  private readonly sessions = new Map<string, readonly number[]>();
  private open: { readonly call: Call; readonly text: string; readonly session: string | undefined }[] = [];
  private nextId = 1;

  constructor(private readonly readPosition: ReadPosition) {}

  tell(command: string): string[] {
    const [verb, ...words] = command.split(" ");
    switch (verb) {
      case "start":
        this.cluster = this.newCluster(
          replica(setting(words, "leader") ?? "nyc"),
          Number(setting(words, "seed") ?? 1),
          Number(setting(words, "snapshots") ?? defaultCompaction.everyEntries),
        );
        break;
      case "run":
        this.cluster.runUntil(this.cluster.nowUs + Number(words[0]) * (words[1] === "s" ? 1_000_000 : 1_000));
        break;
      case "partition":
        this.cluster.partition(
          words
            .join(" ")
            .split(" | ")
            .map((group) => group.split(" ").map(replica)),
        );
        break;
      case "heal":
        this.cluster.heal();
        break;
      case "crash":
        for (const region of words) this.cluster.crash(replica(region));
        break;
      case "restart":
        for (const region of words) this.cluster.restart(replica(region));
        break;
      case "begin":
        this.ask(words);
        break;
      case "write":
      case "read":
        this.ask([verb, ...words]);
        this.awaitAll();
        break;
      case "await":
        this.awaitAll();
        break;
      case "status":
        for (const { name, index } of regions.map((name, index) => ({ name, index })))
          this.describeReplica(name, index);
        break;
      default:
        throw new Error(`a story has no command "${command}"`);
    }
    return this.output.splice(0);
  }

  private newCluster(firstLeader: number, seed: number, everyEntries: number): Cluster {
    const { readPosition } = this;
    const cluster = new Cluster({
      seed,
      replicaCount: 3,
      firstLeader,
      latencyUs,
      jitterUs: 2_000,
      readPosition,
      compaction: { ...defaultCompaction, everyEntries },
    });
    cluster.note = (by, text) => {
      this.output.push(`${seconds(cluster.nowUs)} ${regions[by]} ${text}`);
    };
    return cluster;
  }

  private ask(words: readonly string[]): void {
    const [verb, region, what] = words as [string, string, string];
    const session = words[3] === "as" ? words[4] : undefined;
    const seen = session === undefined ? [] : (this.sessions.get(session) ?? []);
    const request = verb === "read" ? { kind: "read" as const, cell: what, seen, timeoutUs } : this.write(what, seen);
    const text = `${session ?? "someone"} in ${region} ${verb === "read" ? "reads" : "writes"} ${what}`;
    this.open.push({ call: this.cluster.request(replica(region), request), text, session });
  }

  private write(what: string, seen: readonly number[]): Request {
    const [cell, value] = what.split("=") as [string, string];
    const mutations = [{ cell, operation: { name: "write", args: [Number(value)] } }];
    return { kind: "commit", id: this.nextId++, expected: [], mutations, seen, timeoutUs };
  }

  private awaitAll(): void {
    const { open } = this;
    this.open = [];
    for (const { call, text, session } of open) {
      const reply = this.cluster.runUntilAnswered(call);
      if (session !== undefined && (reply.kind === "value" || reply.kind === "committed")) {
        this.sessions.set(session, reply.seen);
      }
      const tookMs = Math.round(((call.repliedUs as number) - call.invokedUs) / 1000);
      this.output.push(`${seconds(call.repliedUs as number)} ${text}: ${describeReply(reply)} after ${tookMs} ms`);
    }
  }

  private describeReplica(name: string, index: number): void {
    const machine = this.cluster.machine(index);
    if (machine === undefined) {
      this.output.push(`${name}: down`);
      return;
    }
    const { state, replica: core } = machine;
    const log = state.range(state.snapshotIndex + 1, state.lastIndex).map(({ term, command }, at) => {
      const text = command === undefined ? "no-op" : command.mutations.map((m) => `${m.cell}=${m.operation.args[0]}`);
      return `${state.snapshotIndex + at === core.commitIndex ? "| " : ""}${term}:${text}`;
    });
    if (state.snapshotIndex > 0) log.unshift(`[snapshot to ${state.snapshotIndex}]`);
    const role = core.leadership !== undefined ? "leads" : core.leader === undefined ? "knows no leader" : "follows";
    this.output.push(`${name}: ${role} in term ${state.term}, log ${log.join(" ")}`);
  }
}

function describeReply(reply: Reply): string {
  switch (reply.kind) {
    case "value":
      return `${reply.state}`;
    case "committed":
      return `committed at ${reply.seen[0]}`;
    case "conflict":
      return "conflict";
    default:
      return `${reply.kind}, ${reply.reason},`;
  }
}

function replica(region: string): number {
  const index = regions.indexOf(region);
  if (index < 0) throw new Error(`a story has no region "${region}"`);
  return index;
}

function setting(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function latencyUs(from: number, to: number): number {
  const between = `${regions[Math.min(from, to)]} ${regions[Math.max(from, to)]}`;
  return latencies[between] ?? 0;
}

const seconds = (us: number): string => `${(us / 1_000_000).toFixed(3)} s`;
