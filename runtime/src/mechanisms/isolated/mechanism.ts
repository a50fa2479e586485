import type { Effects, Machine, MachineSetup, Mechanism, Request } from "../machine.js";
import { isolatedClaims } from "./claims.js";

export type IsolatedOptions = Readonly<Record<string, never>>;

/**
 * Nodes that know nothing of each other: a write lives on the node that took it, in memory, until that node restarts.
 * A cache in front of each region (memcached, a CDN's edge) behaves so.
 */
export const isolatedMechanism: Mechanism<IsolatedOptions, never> = {
  id: "isolated",
  data: "commands",
  ...isolatedClaims,
  create: (setup) => new Isolated(setup),
};

class Isolated implements Machine<never> {
  private readonly cells = new Map<string, { state: unknown; version: number }>();
  private readonly applied = new Set<number>();
  private sequence = 0;

  constructor(private readonly setup: MachineSetup<IsolatedOptions>) {}

  start(): void {}

  request(ticket: number, request: Request, effects: Effects<never>): void {
    if (request.kind === "read") {
      const { state, version } = this.cell(request.cell);
      const { type } = this.setup.cells.get(request.cell);
      const siblings = type.name === "register" ? [state] : [];
      effects.reply(ticket, { kind: "value", state, version, snapshot: this.sequence, siblings, seen: [] });
      return;
    }
    if (request.expected.some(({ cell, version }) => this.cell(cell).version !== version)) {
      effects.reply(ticket, { kind: "conflict" });
      return;
    }
    this.sequence++;
    const results = request.mutations.map(({ cell: key, operation }) => {
      const cell = this.cell(key);
      const { state, result } = this.setup.cells.get(key).type.apply(cell.state, operation);
      cell.state = state;
      cell.version = this.sequence;
      return result;
    });
    this.applied.add(request.id);
    effects.reply(ticket, { kind: "committed", results, seen: [] });
  }

  receive(): void {}

  timeout(): void {}

  peek(cell: string): unknown {
    return this.cell(cell).state;
  }

  digest(): string {
    const keys = [...this.cells].filter(([, { version }]) => version > 0).map(([key]) => key);
    keys.sort();
    return keys.map((key) => `${key}=${this.setup.cells.get(key).type.encode(this.cell(key).state)}`).join("\n");
  }

  has(operationId: number): boolean {
    return this.applied.has(operationId);
  }

  private cell(key: string): { state: unknown; version: number } {
    const found = this.cells.get(key);
    if (found !== undefined) return found;
    const { type, options } = this.setup.cells.get(key);
    const cell = { state: type.initial(options), version: 0 };
    this.cells.set(key, cell);
    return cell;
  }
}
