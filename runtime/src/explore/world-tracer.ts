import { describeValue } from "../data/values.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import { commitsIn } from "../mechanisms/carried.js";
import type { MessageEvent } from "../simulation/trace.js";
import type { World, WorldListener } from "../simulation/world.js";
import { States } from "./states.js";
import type { Tracer } from "./tracer.js";

interface Attached {
  readonly world: World;
  readonly deployment: SimulatedDeployment;
  readonly tracer: Tracer;
}

/** Turns what happens between replicas into trace events: messages, notes of mechanisms, values that a merge dropped. */
export class WorldTracer implements WorldListener {
  private attached: Attached | undefined;
  private readonly merged = new Set<string>();
  private readonly states = new States();

  constructor(private readonly nowUs: () => number) {}

  attach(world: World, deployment: SimulatedDeployment, tracer: Tracer): void {
    this.attached = { world, deployment, tracer };
  }

  sent(delivery: object): void {
    this.attached?.tracer.causes.sent(delivery);
  }

  began(because: object, node: number): void {
    this.attached?.tracer.causes.began(because, this.attached.world.regionOf(node), this.nowUs());
  }

  answered(request: object): void {
    this.attached?.tracer.causes.answered(request, this.nowUs());
  }

  message(message: Parameters<WorldListener["message"]>[0]): void {
    if (this.attached === undefined) return;
    const { world, tracer } = this.attached;
    const shiftUs = this.nowUs() - world.shownUs;
    const { id, after, request } = tracer.causes.of(message.delivery);
    const event: MessageEvent = {
      kind: "message",
      id,
      sentUs: message.sentUs + shiftUs,
      deliveredUs: message.deliveredUs === undefined ? undefined : message.deliveredUs + shiftUs,
      from: world.regionOf(message.from),
      to: world.regionOf(message.to),
      domain: message.group,
      text: kindOf(message.payload),
      after,
      operations: [],
    };
    tracer.message({ event, request, commits: commitsIn(message.payload) });
  }

  note(node: number, text: string, group?: string): void {
    if (this.attached === undefined) return;
    const { world, tracer } = this.attached;
    tracer.add({ kind: "note", atUs: this.nowUs(), region: world.regionOf(node), domain: group, text });
  }

  stepped(node: number, group: string): void {
    if (this.attached === undefined) return;
    const { deployment, tracer, world } = this.attached;
    tracer.causes.stepped();
    const domain = deployment.domains.get(group);
    // Replicas beyond the first of a region serve no session.
    if (domain !== undefined && node < deployment.regions.length)
      this.states.look(domain, node, { tracer, region: world.regionOf(node), atUs: this.nowUs() });
    this.findMerges(this.attached, node, group);
  }

  /** Registers whose replicas now hold concurrent writes, of which the merge keeps one. */
  private findMerges({ deployment, tracer, world }: Attached, node: number, group: string): void {
    const machine = deployment.domains.get(group)?.machines[node];
    const shiftUs = this.nowUs() - world.shownUs;
    for (const { cell: key, kept, dropped } of machine?.conflicts?.() ?? []) {
      const cell = deployment.cells.get(key);
      const [winner, loser] = [tracer.operationWith(kept.operationId), tracer.operationWith(dropped.operationId)];
      const identity = `${key} ${kept.operationId} ${dropped.operationId}`;
      if (cell === undefined || winner === undefined || loser === undefined || this.merged.has(identity)) continue;
      this.merged.add(identity);
      tracer.add({
        kind: "merge",
        atUs: this.nowUs(),
        region: world.regionOf(node),
        cell: cell.label,
        policy: typeof cell.options.merge === "string" ? cell.options.merge.replaceAll("-", " ") : "last writer wins",
        kept: { operation: winner.id, value: describeValue(kept.value), stampUs: kept.stampUs + shiftUs },
        dropped: { operation: loser.id, value: describeValue(dropped.value), stampUs: dropped.stampUs + shiftUs },
      });
    }
  }
}

/** The kind a message gives itself; mechanisms tag theirs. */
function kindOf(payload: unknown): string {
  const kind = (payload as { readonly kind?: unknown } | null)?.kind;
  return typeof kind === "string" ? kind : "message";
}
