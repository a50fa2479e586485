import type { Reply, Request } from "../mechanisms/machine.js";
import type { Cell, Deployment, Observer, Recordable, SessionState } from "./deployment.js";
import { embeddedClock } from "./embedded-clock.js";
import { Unobserved } from "./unobserved.js";

interface EmbeddedCell {
  readonly declared: Cell;
  state: unknown;
  /** The commit that changed it last. */
  version: number;
}

/**
 * One process, one replica, no network and no set-up: the state of every cell lies in memory, and commits happen one
 * after another. With a single copy every level is given what it asks for, transactions too.
 */
export class EmbeddedDeployment implements Deployment {
  readonly kind = "embedded";
  readonly regions: readonly string[] | undefined = undefined;
  readonly unobserved = new Unobserved();
  observer: Observer = this.unobserved;
  readonly recordable: Recordable = this;
  private readonly cells = new Map<string, EmbeddedCell>();
  private sessionCount = 0;
  private operationCount = 0;
  private commitCount = 0;
  private queue: Promise<void> = Promise.resolve();

  createSession(region = "local"): SessionState {
    return { id: this.sessionCount++, region, seen: new Map(), deployment: this };
  }

  declare(key: string, make: () => Cell): Cell {
    let cell = this.cells.get(key);
    if (cell === undefined) {
      const declared = make();
      cell = { declared, state: declared.type.initial(declared.options), version: 0 };
      this.cells.set(key, cell);
    }
    return cell.declared;
  }

  dataOf(_cell: Cell): "commands" | "merged" {
    return "commands";
  }

  nextOperationId(): number {
    return this.operationCount++;
  }

  async submit<T>(_session: SessionState, _domain: string, request: Request, take: (reply: Reply) => T): Promise<T> {
    return take(request.kind === "read" ? this.read(request) : this.commit(request));
  }

  /**
   * Those who lost queue up and go on one by one, each in a turn of the event loop of its own: so all of any number of
   * contenders get through, as long as what they do between reading and committing does not wait for the outside.
   */
  backOff(): Promise<void> {
    this.queue = this.queue.then(() => new Promise<void>((resolve) => nextTurn(resolve)));
    return this.queue;
  }

  wallMs(): number {
    return embeddedClock.wallMs();
  }

  stateOf({ key }: Cell): unknown {
    return this.shown(key).state;
  }

  private read({ cell: key, snapshot }: Extract<Request, { readonly kind: "read" }>): Reply {
    const { state, version } = this.shown(key);
    // Old versions are not kept: a transaction whose snapshot has gone by runs again.
    if (snapshot !== undefined && version > snapshot) return { kind: "conflict" };
    return { kind: "value", state, version, snapshot: snapshot ?? this.commitCount, siblings: [state], seen: [] };
  }

  private commit({ expected, mutations }: Extract<Request, { readonly kind: "commit" }>): Reply {
    if (expected.some(({ cell, version }) => this.shown(cell).version !== version)) return { kind: "conflict" };
    this.commitCount++;
    const results = mutations.map(({ cell: key, operation }) => {
      const cell = this.cell(key);
      const { state, result } = cell.declared.type.apply(this.shown(key).state, operation);
      cell.state = state;
      cell.version = this.commitCount;
      return result;
    });
    return { kind: "committed", results, seen: [] };
  }

  /** There is no time here: a copy is always fresh and shows its origin, until it is written itself. */
  private shown(key: string): EmbeddedCell {
    const cell = this.cell(key);
    if (cell.declared.origin === undefined) return cell;
    const origin = this.shown(cell.declared.origin);
    return origin.version >= cell.version ? origin : cell;
  }

  private cell(key: string): EmbeddedCell {
    const cell = this.cells.get(key);
    if (cell === undefined) throw new TypeError(`The cell ${key} was never declared.`);
    return cell;
  }
}

// Taken when the module loads: a test runner's fake timers must not stop those who wait for their turn.
const nextTurn = globalThis.setImmediate;
