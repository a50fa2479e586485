import { bindFault, clockSkew, crash, type Fault, partition } from "../../../faults/index.js";
import type { Disturbance } from "../../../simulation/nemesis.js";
import type { Reply } from "../../machine.js";
import type { Shard } from "../shard.js";
import { type Call, Rig } from "./rig.js";

const regions = ["nyc", "london", "tokyo"];
const timeoutUs = 2_000_000;

/**
 * A story as text: a command, a line of dashes, what came of it, an empty line. Lines that begin with `#` are for the
 * reader. Gives the same text with the outputs of this run, to be compared with the file.
 *
 * Commands: `start leader=nyc seed=1 epsilon=7 commitWait=true`, `run 2 s`, `partition nyc | london tokyo`, `heal`,
 * `crash nyc`, `restart nyc`, `skew nyc 7 ms`, `write nyc x=1 y=2` (one transaction), `read tokyo x y` (one snapshot);
 * `begin write …` does not wait for the answer, `await` waits for all of them; `shards` says who leads them and what is
 * prepared.
 */
export function retell(script: string): string {
  const story = new Story();
  const blocks = script.trimEnd().split("\n\n");
  return `${blocks.map((block) => retellBlock(block, story)).join("\n\n")}\n`;
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
  private readonly output: string[] = [];
  private started: Rig | undefined;
  private readonly faults = new Map<string, Disturbance>();
  private open: { readonly call: Call; readonly text: string }[] = [];
  private nextId = 1;

  tell(command: string): string[] {
    const [verb, ...words] = command.split(" ");
    const [region = "nyc"] = words;
    switch (verb) {
      case "start":
        this.started = this.newRig(words);
        break;
      case "run":
        this.rig.runUntil(this.rig.nowUs + Number(words[0]) * (words[1] === "s" ? 1_000_000 : 1_000));
        break;
      case "partition":
        this.begin(
          "partition",
          partition(
            words
              .join(" ")
              .split(" | ")
              .map((group) => group.split(" ")),
          ),
        );
        break;
      case "crash":
        this.begin(`crash ${region}`, crash(region));
        break;
      case "skew":
        this.begin(`skew ${region}`, clockSkew(region, Number(words[1])));
        break;
      case "restart":
        this.end(`crash ${region}`);
        break;
      case "heal":
        for (const name of [...this.faults.keys()]) this.end(name);
        break;
      case "begin":
        this.ask(words);
        break;
      case "write":
        this.ask([verb, ...words]);
        this.awaitAll();
        break;
      case "read":
        this.read(region, words.slice(1));
        break;
      case "await":
        this.awaitAll();
        break;
      case "shards":
        for (const { number } of this.rig.machine(0)?.shards ?? this.rig.machine(1)?.shards ?? [])
          this.describe(number);
        break;
      default:
        throw new Error(`a story has no command "${command}"`);
    }
    return this.output.splice(0);
  }

  private get rig(): Rig {
    if (this.started === undefined) throw new Error('a story begins with "start"');
    return this.started;
  }

  private newRig(words: readonly string[]): Rig {
    return new Rig({
      seed: Number(setting(words, "seed") ?? 1),
      firstLeader: regions.indexOf(setting(words, "leader") ?? "nyc"),
      options: {
        epsilonMs: Number(setting(words, "epsilon") ?? 7),
        commitWait: setting(words, "commitWait") !== "false",
      },
      note: (region, text, atUs) => this.output.push(`${seconds(atUs)} ${region}, ${text}`),
    });
  }

  private begin(name: string, fault: Fault): void {
    const disturbance = bindFault(fault, this.rig.world);
    this.faults.set(name, disturbance);
    disturbance.begin();
  }

  private end(name: string): void {
    this.faults.get(name)?.end();
    this.faults.delete(name);
  }

  private ask([, region = "", ...writes]: readonly string[]): void {
    const mutations = writes.map((written) => {
      const [cell = "", value] = written.split("=");
      return { cell, operation: { name: "write", args: [Number(value)] } };
    });
    const request = { kind: "commit", id: this.nextId++, expected: [], mutations, seen: [], timeoutUs } as const;
    const text = `someone in ${region} writes ${writes.map((written) => `${written} ${this.shardOf(written)}`).join(", ")}`;
    this.open.push({ call: this.rig.request(regions.indexOf(region), request), text });
  }

  private read(region: string, cells: readonly string[]): void {
    let snapshot: number | undefined;
    const begunUs = this.rig.nowUs;
    const values = cells.map((cell) => {
      const request = { kind: "read", cell, snapshot, seen: [], timeoutUs } as const;
      const reply = this.rig.runUntilAnswered(this.rig.request(regions.indexOf(region), request));
      if (reply.kind === "value") snapshot = reply.snapshot;
      return `${cell}=${reply.kind === "value" ? reply.state : describeReply(reply)}`;
    });
    const tookMs = milliseconds(this.rig.nowUs - begunUs);
    this.output.push(`${seconds(this.rig.nowUs)} someone in ${region} reads ${values.join(", ")} after ${tookMs} ms`);
  }

  private awaitAll(): void {
    const { open } = this;
    this.open = [];
    for (const { call, text } of open) {
      const reply = this.rig.runUntilAnswered(call);
      const repliedUs = call.repliedUs as number;
      const tookMs = milliseconds(repliedUs - call.invokedUs);
      this.output.push(`${seconds(repliedUs)} ${text}: ${describeReply(reply)} after ${tookMs} ms`);
    }
  }

  private shardOf(written: string): string {
    return `(shard ${this.rig.sharding.shardOf(written.split("=")[0] as string)})`;
  }

  private describe(number: number): void {
    const shards = regions.map((_, replica) => this.rig.machine(replica)?.shards[number]);
    const leader = regions.filter((_, replica) => shards[replica]?.replica.leadership !== undefined).join(" and ");
    const prepared = regions.flatMap((region, replica) => {
      const ids = [...((shards[replica] as Shard | undefined)?.state.prepared.keys() ?? [])];
      return ids.length === 0 ? [] : [`${region} has transaction ${ids.join(", ")} prepared`];
    });
    const described = [leader === "" ? "nobody leads" : `${leader} leads`, ...prepared];
    this.output.push(`shard ${number}: ${described.join("; ")}`);
  }
}

function describeReply(reply: Reply): string {
  switch (reply.kind) {
    case "value":
      return `${reply.state}`;
    case "committed":
      return `committed at ${(Number(reply.seen[0]) / 3 / 1_000_000).toFixed(4)} s`;
    case "conflict":
      return "conflict";
    default:
      return `${reply.kind}, ${reply.reason},`;
  }
}

function setting(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

const seconds = (us: number): string => `${(us / 1_000_000).toFixed(4)} s`;
const milliseconds = (us: number): number => Math.round(us / 100) / 10;
