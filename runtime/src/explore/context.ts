import { openIn } from "../cells/open.js";
import type { SessionState } from "../deployment/deployment.js";
import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import { takeUp, tokenOf } from "../deployment/token.js";
import {
  bridge,
  clockDrift,
  clockSkew,
  crash,
  cut,
  delay,
  duplication,
  type Fault,
  isolate,
  isolateLeader,
  loss,
  partition,
  pause,
  promote,
  reordering,
  slowRegion,
} from "../faults/index.js";
import type { Disturbance, Nemesis } from "../simulation/nemesis.js";
import type { Prng } from "../simulation/prng.js";
import type { Site } from "../simulation/trace.js";
import type { Driver } from "./driver.js";
import { Figures } from "./figures.js";
import { evaluate, type Judged } from "./predicates.js";
import type { ActiveFault, FaultControl, ScenarioContext, Session } from "./scenario.js";
import type { Finding } from "./violation.js";

export interface Converged {
  readonly name: string;
  readonly predicate: (session: Session) => boolean | void | Promise<boolean | void>;
  readonly site: Site | undefined;
}

export interface ContextSetup {
  readonly deployment: SimulatedDeployment;
  readonly driver: Driver;
  readonly nemesis: Nemesis;
  readonly random: Prng;
  /** User code has drawn that. */
  readonly draw: (fraction: number) => void;
  readonly nowUs: () => number;
  /** Schedules a fault, its window counted from now. */
  readonly disturb: (fault: Fault) => Disturbance;
  readonly site: () => Site | undefined;
  readonly found: (finding: Finding) => void;
}

/** What a scenario's body is given, and what it left behind for the judges. */
export class RunContext {
  readonly converged: Converged[] = [];
  readonly figures = new Figures();
  judgedChecks = 0;
  /** By name of a check or a `converged` predicate, whether it was judged at all: a refusal leaves it open. */
  readonly judgements = new Map<string, boolean>();
  /** Checks that have begun and not ended: one that is left when the body ends was not awaited. */
  readonly pendingChecks = new Set<{ readonly name: string; readonly site: Site | undefined }>();

  constructor(private readonly setup: ContextSetup) {}

  readonly api: ScenarioContext<string> = {
    session: (region, options) => sessionOf(this.setup.deployment, region, options),
    sleep: (ms) => this.sleep(ms),
    now: () => this.setup.nowUs() / 1000,
    random: () => {
      const fraction = this.setup.random.fraction();
      this.setup.draw(fraction);
      return fraction;
    },
    check: (name, predicate) => this.check(name, predicate),
    converged: (name, predicate) => {
      this.converged.push({ name, predicate, site: this.setup.site() });
    },
    measure: (name, value, options) => this.figures.add(name, value, options),
    faults: this.faultControl(),
  };

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (!Number.isFinite(ms)) throw new RangeError(`sleep(${ms}): it has to be a number of milliseconds.`);
      this.setup.driver.setTimer(resolve, Math.max(0, Math.round(ms * 1000)));
    });
  }

  private async check(name: string, predicate: () => boolean | void | Promise<boolean | void>): Promise<void> {
    const site = this.setup.site();
    const pending = { name, site };
    this.pendingChecks.add(pending);
    const judged = await evaluate(name, predicate, { region: undefined, when: "when it is checked", site });
    this.pendingChecks.delete(pending);
    if (judged.outcome !== "unjudged") this.judgedChecks++;
    this.note(name, judged);
    if (judged.outcome === "fails") this.setup.found(judged.finding);
  }

  note(name: string, { outcome }: Judged): void {
    this.judgements.set(name, outcome !== "unjudged" || this.judgements.get(name) === true);
  }

  private faultControl(): FaultControl {
    const start = (fault: Fault): ActiveFault => {
      const disturbance = this.setup.disturb(fault);
      return { heal: () => this.setup.nemesis.end(disturbance) };
    };
    return {
      start,
      partition: (groups, window) => start(partition(groups, window)),
      isolate: (region, window) => start(isolate(region, window)),
      cut: (from, to, window) => start(cut(from, to, window)),
      bridge: (region, window) => start(bridge(region, window)),
      isolateLeader: (window) => start(isolateLeader(window)),
      crash: (region, window) => start(crash(region, window)),
      pause: (region, window) => start(pause(region, window)),
      clockSkew: (region, offsetMs, window) => start(clockSkew(region, offsetMs, window)),
      clockDrift: (region, driftRatio, window) => start(clockDrift(region, driftRatio, window)),
      loss: (lossRatio, window) => start(loss(lossRatio, window)),
      duplication: (duplicationRatio, window) => start(duplication(duplicationRatio, window)),
      reordering: (reorderingRatio, heldMs, window) => start(reordering(reorderingRatio, heldMs, window)),
      delay: (delayMs, window) => start(delay(delayMs, window)),
      slowRegion: (region, factor, window) => start(slowRegion(region, factor, window)),
      promote: (region, window) => start(promote(region, window)),
      heal: () => this.setup.nemesis.healActive(),
    };
  }
}

/** A new session, as user code holds it. */
export function sessionOf(
  deployment: SimulatedDeployment,
  region: string,
  { token }: { readonly token?: string } = {},
): Session {
  const state: SessionState = deployment.createSession(region);
  if (token !== undefined) takeUp(state, token);
  return new SimulatedSession(state, deployment);
}

/**
 * The getter is one of a class, not of an object literal: V8 keeps a literal's getters, and through them the whole world
 * of the schedule, with a hidden class that each such object has of its own, until the next full garbage collection.
 */
class SimulatedSession implements Session {
  readonly open: Session["open"];
  readonly token: Session["token"];
  readonly moveTo: Session["moveTo"];
  readonly #state: SessionState;

  constructor(state: SessionState, { world }: SimulatedDeployment) {
    this.#state = state;
    this.open = (type, id) => openIn(state, type, id);
    this.token = () => tokenOf(state);
    this.moveTo = (to) => {
      world.regionIndexOf(to);
      state.region = to;
    };
  }

  get region(): string {
    return this.#state.region;
  }
}
