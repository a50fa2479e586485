import { type AssignLevel, type Openable, typeNameOf } from "../../cells/open.js";
import type { Reply, Request } from "../../mechanisms/machine.js";
import { mechanismOf } from "../../mechanisms/registry.js";
import { Agenda } from "../../simulation/agenda.js";
import type { Prng } from "../../simulation/prng.js";
import type { Occasion } from "../../simulation/scheduler.js";
import type { World } from "../../simulation/world.js";
import type { Cell, Deployment, LevelAssignment, Observer, SessionState } from "../deployment.js";
import { assigning } from "./assigned-levels.js";
import { type Answer, Domain } from "./domain.js";

/** From a client to its region's replica and back again, each way: at least this, and up to as much again. */
const clientHopUs = 200;

/** Where somebody picks what happens next, ids are numbered by session: more than one ever makes. */
const operationsPerSession = 1_000_000;

/** What a session is told reaches it at once: that its next request arrives later comes to the same. */
const answerTo = (flow: string): Occasion => ({ kind: "answer", key: flow, content: undefined, place: flow });

/** Sessions on simulated replicas. A request is a promise; everything behind it happens in virtual time. */
export class SimulatedDeployment implements Deployment {
  readonly kind = "simulated";
  readonly regions: readonly string[];
  readonly domains = new Map<string, Domain>();
  readonly cells = new Map<string, Cell>();
  /** Every object that was opened, by class and identity. */
  readonly identities = new Map<string, { readonly type: Openable<object>; readonly id: string }>();
  private readonly cellsByIdentity = new Map<Openable<object>, Map<string, ReadonlyMap<PropertyKey, Cell>>>();
  /** Fields that cannot run as what they were assigned. */
  readonly misfits = new Set<string>();
  /** Requests that have not been answered yet. */
  outstanding = 0;
  private readonly assign: AssignLevel | undefined;
  private sessions = 0;
  private operations = 0;
  /** Where somebody picks what happens next. */
  private readonly agenda: Agenda | undefined;
  private readonly operationsOf = new Map<number, number>();

  constructor(
    readonly world: World,
    readonly observer: Observer,
    private readonly random: Prng,
    /** Called when user code has something to go on with. */
    private readonly wake: () => void,
    assigned?: LevelAssignment,
  ) {
    this.assign = assigned && assigning(assigned, (field) => this.misfits.add(field));
    this.agenda = world.scheduler instanceof Agenda ? world.scheduler : undefined;
    this.regions = world.regions.map((region) => region.name);
  }

  createSession(region: string = this.regions[0] as string): SessionState {
    this.world.regionIndexOf(region);
    return { id: this.sessions++, region, seen: new Map(), deployment: this };
  }

  declare(key: string, make: (assign?: AssignLevel) => Cell): Cell {
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    const cell = make(this.assign);
    this.cells.set(key, cell);
    let domain = this.domains.get(cell.domain);
    if (domain === undefined) {
      const mechanism = mechanismOf(cell.mechanism.mechanism);
      const { options } = cell.mechanism;
      const leader = this.random.below(this.regions.length);
      const { domain: name, level } = cell;
      domain = new Domain(name, level, mechanism, options, this.world, leader, this.readOrigin.bind(this));
      this.domains.set(cell.domain, domain);
    }
    domain.cells.set(key, cell);
    return cell;
  }

  cellsOf(type: Openable<object>, id: string): ReadonlyMap<PropertyKey, Cell> | undefined {
    return this.cellsByIdentity.get(type)?.get(id);
  }

  opened(type: Openable<object>, id: string, cells: ReadonlyMap<PropertyKey, Cell>): void {
    const ofType = this.cellsByIdentity.get(type);
    if (ofType === undefined) this.cellsByIdentity.set(type, new Map([[id, cells]]));
    else ofType.set(id, cells);
    const key = `${typeNameOf(type)}:${id}`;
    if (!this.identities.has(key)) this.identities.set(key, { type, id });
  }

  dataOf(cell: Cell): "commands" | "merged" {
    return this.domain(cell.domain).mechanism.data;
  }

  submit<T>(session: SessionState, domainName: string, request: Request, take: (reply: Reply) => T): Promise<T> {
    const domain = this.domain(domainName);
    const { scheduler } = this.world;
    const replica = this.replicaOf(session); // now: the session may move while the request is under way
    this.outstanding++;
    if (this.world.listener !== undefined) this.observer.requested?.(session, request);
    const { agenda } = this;
    const flow = agenda?.asked(session.id, request) ?? "";
    return new Promise((resolve, reject) => {
      const answer = (reply: Reply, afterUs = 0) => {
        const told = () => {
          agenda?.answered(flow, reply);
          this.outstanding--;
          try {
            resolve(take(reply));
          } catch (error) {
            reject(error);
          }
          this.wake();
        };
        scheduler.after(afterUs + this.hopUs(), told, agenda && (() => answerTo(flow)));
      };
      const arrival = (): Occasion => ({
        kind: "request",
        key: flow,
        content: request,
        place: `${domainName}/${replica}`,
      });
      scheduler.after(this.hopUs(), () => domain.request(replica, request, answer, flow), agenda && arrival);
    });
  }

  nextOperationId(session?: SessionState): number {
    if (this.agenda === undefined || session === undefined) return ++this.operations;
    const count = this.operationsOf.get(session.id) ?? 0;
    this.operationsOf.set(session.id, count + 1);
    return (session.id + 1) * operationsPerSession + count;
  }

  backOff(boundMs: number): Promise<void> {
    this.outstanding++;
    const { agenda, world } = this;
    const isChoosing = agenda?.isChoosing === true;
    const delayUs = isChoosing ? 0 : 1 + this.random.below(Math.max(1, Math.round(boundMs * 1000)));
    const flow = agenda?.currentFlow ?? "";
    return new Promise((resolve) => {
      const goOn = () => {
        this.outstanding--;
        resolve();
        this.wake();
      };
      world.scheduler.after(delayUs, goOn, isChoosing ? () => answerTo(flow) : undefined);
    });
  }

  /** True time: what keys and inboxes are kept by must not depend on whose clock is wrong. */
  wallMs(): number {
    const us = this.world.nowUs;
    this.agenda?.clockRead(us);
    return Math.floor(us / 1_000);
  }

  /** Node i lives in region i, so the region's own replica has the region's index. */
  replicaOf(session: SessionState): number {
    return this.world.regionIndexOf(session.region);
  }

  domain(name: string): Domain {
    const domain = this.domains.get(name);
    if (domain === undefined) throw new Error(`no domain ${name}`);
    return domain;
  }

  /** A node's own read, as that of a client beside it: in no session, and not in the history. */
  private readOrigin(replica: number, copy: string, timeoutUs: number, answer: Answer): void {
    const { scheduler } = this.world;
    this.agenda?.scatter();
    const origin = this.cells.get(this.cells.get(copy)?.origin as string) as Cell;
    const request: Request = { kind: "read", cell: origin.key, seen: [], timeoutUs };
    const answerLater: Answer = (reply, afterUs = 0) => {
      this.agenda?.scatter();
      scheduler.after(afterUs + this.hopUs(), () => answer(reply));
    };
    scheduler.after(this.hopUs(), () => this.domain(origin.domain).request(replica, request, answerLater));
  }

  private hopUs(): number {
    if (this.world.scheduler.isChoosing) return 0;
    return clientHopUs + this.random.below(clientHopUs);
  }
}
