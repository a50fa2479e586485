import { type Context, carryContextsBy } from "../cells/context.js";
import { openedAs } from "../cells/methods.js";
import { open } from "../cells/open.js";
import { MergeError } from "../data/multi-value.js";
import { enterEvaluation, enterSession } from "../deployment/ambient-session.js";
import { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import { abandoned } from "../simulation/agenda.js";
import { Nemesis } from "../simulation/nemesis.js";
import { boundlessCapacity } from "../simulation/node.js";
import { hash, Prng } from "../simulation/prng.js";
import {
  carrier,
  holdCarriers,
  installVirtualGlobals,
  onUnhandledRejection,
} from "../simulation/virtual-globals/index.js";
import { World } from "../simulation/world.js";
import { RunContext, sessionOf } from "./context.js";
import type { Load } from "./decisions.js";
import { Disturbances } from "./disturbances.js";
import { Driver, stuck } from "./driver.js";
import { Findings } from "./findings.js";
import { Invariants } from "./invariants.js";
import { judgeGuarantees } from "./judges/guarantees.js";
import type { Judged } from "./judges/judged.js";
import { mergedFields } from "./judges/merge-laws.js";
import { judgeQuiescent } from "./judges/quiescent.js";
import { currentJudgement } from "./judging.js";
import { Loading, outsideMessage } from "./loading.js";
import { measure, partitionsOf } from "./measuring.js";
import { digestOf, quiesce, quiescenceBoundUs } from "./quiescence.js";
import type { Draft } from "./record.js";
import { isRefusal, Recorder } from "./recorder.js";
import type { Scenario } from "./scenario.js";
import type { Run, RunOptions } from "./schedule.js";
import { currentSite } from "./site.js";
import { messageOf } from "./thrown.js";
import { Tracer } from "./tracer.js";
import { finding } from "./violation.js";
import { WorkloadError } from "./workload/workload-error.js";
import { WorldTracer } from "./world-tracer.js";

const contexts = carrier<Context>();

/**
 * Runs a scenario once. A function of the code that `load` evaluates, the options and the seed. Modules are evaluated
 * inside the simulated world too: what they do at import is part of the schedule.
 */
export async function runSchedule(load: Load, options: RunOptions): Promise<Run> {
  options.mend?.();
  const loading = new Loading(options.seed);
  const release = installVirtualGlobals(loading);
  const leave = enterEvaluation();
  let scenario: Scenario | undefined;
  let error: unknown;
  try {
    scenario = load(options.seed, options.decisions);
  } catch (thrown) {
    if (thrown instanceof WorkloadError) throw thrown;
    error = thrown;
  } finally {
    leave();
    release();
  }
  if (scenario === undefined) return loading.failed(error, options);
  const schedule = new Schedule(scenario, options, loading);
  try {
    return await schedule.run();
  } catch (error) {
    if (error === schedule.disturbances.refusal || error === abandoned) throw error;
    // User code has taken away what the simulator stands on.
    options.mend?.(true);
    return loading.failed(error, options, "the simulation broke off");
  }
}

class Schedule {
  private readonly world: World;
  private readonly driver: Driver;
  private readonly deployment: SimulatedDeployment;
  private readonly recorder: Recorder;
  private readonly nemesis: Nemesis;
  readonly disturbances: Disturbances;
  private readonly tracer: Tracer | undefined;
  private readonly worldTracer: WorldTracer | undefined;
  private readonly context: RunContext;
  private readonly invariants: Invariants;
  private readonly findings: Findings;
  private epochUs = 0;
  private unknown: Run["unknown"];
  private hasSucceeded = false;
  private mergeFailed = false;
  /** Sent while the body ran. */
  private messages = 0;
  /** The error that ended the body before anything was judged. */
  private cutShortBy: unknown;

  constructor(
    private readonly scenario: Scenario,
    private readonly options: RunOptions,
    private readonly loading: Loading,
  ) {
    const { seed, traced = false, isUserFile } = options;
    const nowUs = () => this.world.shownUs - this.epochUs;
    const agenda = options.picking?.agenda;
    this.worldTracer = traced ? new WorldTracer(nowUs) : undefined;
    const { regions, capacities } = scenario;
    this.world = new World({
      seed,
      regions,
      capacities: agenda === undefined ? capacities : regions.map(() => boundlessCapacity),
      listener: this.worldTracer,
      scheduler: agenda,
    });
    this.driver = new Driver(this.world, () => this.deployment);
    this.tracer = traced
      ? new Tracer({
          nowUs,
          isUserFile,
          identityOf: (value) => openedAs(value)?.id,
          appliedTo: (cell, region) => {
            const machine = this.deployment.domain(cell.domain).machines[this.world.regionIndexOf(region)];
            return (commit) => machine?.has(commit) ?? false;
          },
        })
      : undefined;
    const partitions = options.levels && partitionsOf(this.world);
    const onEnded = options.situations && ((event: Draft) => options.situations?.ended(event, this.deployment));
    this.recorder = new Recorder({ nowUs, judgement: currentJudgement, tracer: this.tracer, partitions, onEnded });
    options.watch?.(() => this.recorder.nextId);
    const random = Prng.seeded(seed, "deployment");
    this.deployment = new SimulatedDeployment(this.world, this.recorder, random, this.driver.wake, options.levels);
    this.worldTracer?.attach(this.world, this.deployment, this.tracer as Tracer);
    this.nemesis = new Nemesis(this.world, (event) => this.tracer?.fault(event));
    this.disturbances = new Disturbances(scenario, options, this.world, this.nemesis);
    this.findings = new Findings(isUserFile, (verdict) =>
      this.tracer?.add({ kind: "verdict", atUs: nowUs(), ok: false, ...verdict }),
    );
    this.invariants = new Invariants(this.deployment, (found) => this.findings.add(found));
    this.context = new RunContext({
      deployment: this.deployment,
      driver: this.driver,
      nemesis: this.nemesis,
      random: Prng.seeded(seed, "workload"),
      draw: (fraction) => agenda?.sharedWithUser(fraction),
      nowUs: () => this.userNowUs(),
      disturb: (fault) => {
        if (agenda !== undefined) agenda.wasDisturbed = true;
        return this.disturbances.disturb(fault);
      },
      site: () => (traced ? currentSite(isUserFile) : undefined),
      found: (found) => this.findings.add(found),
    });
  }

  async run(): Promise<Run> {
    const releases = [
      installVirtualGlobals(this.virtualHost()),
      enterSession(this.deployment.createSession()),
      onUnhandledRejection((reason, what) => this.findings.addError(reason, what)),
      holdCarriers(),
      carryContextsBy(contexts),
    ];
    try {
      for (const error of this.loading.errors) this.findings.addError(error, outsideMessage);
      for (const { run, delayUs } of this.loading.timers) this.driver.setTimer(() => this.attempt(run), delayUs);
      if (await this.prepare()) {
        this.disturbances.begin(this.deployment.domains.values());
        this.beginPicking();
        await this.perform();
      }
    } catch (error) {
      if (!(error instanceof MergeError)) throw error;
      // The replicas have no value to go on with; what was seen so far is reported.
      this.mergeFailed = true;
      this.findings.addError(error, "a merge failed");
    } finally {
      for (const release of releases.reverse()) release();
    }
    return this.result();
  }

  /** `setup`, without faults, until everything has arrived everywhere. Virtual time starts after it. */
  private async prepare(): Promise<boolean> {
    const { setup, generated } = this.scenario;
    try {
      for (const { type, id } of generated?.objects ?? []) open(type, id);
    } catch (error) {
      this.findings.addError(error, "an object could not be opened");
      return false;
    }
    if (setup === undefined) return true;
    this.recorder.isSetup = true;
    const first = this.world.regions[0]?.name as string;
    const session = sessionOf(this.deployment, first);
    const stop = await this.driver.settled(async () =>
      setup({ open: session.open, session: (region) => sessionOf(this.deployment, region) }),
    );
    if (stop.outcome === "threw") this.findings.addError(stop.error, "setup failed");
    if (stop.outcome === "stuck") this.unknown = stuck("setup");
    if (stop.outcome === "ended") await this.quiesce();
    this.recorder.isSetup = false;
    this.epochUs = this.world.nowUs;
    this.tracer?.ready(this.epochUs);
    return stop.outcome === "ended";
  }

  private beginPicking(): void {
    const { picking } = this.options;
    if (picking === undefined) return;
    const isGenerated = this.scenario.generated !== undefined;
    picking.agenda.begin(!isGenerated);
    picking.begin?.({ deployment: this.deployment, findings: this.findings.all, isGenerated });
  }

  /** The body under faults, then healing, quiescence and the judges. */
  private async perform(): Promise<void> {
    let judged = 0;
    this.driver.onTurn = () => {
      const { ended } = this.recorder;
      if (ended === judged || !this.invariants.hasAlways) return false;
      judged = ended;
      this.options.picking?.agenda.obscure(); // what it sees of every replica is part of the step
      this.invariants
        .judgeNow()
        .catch((error: unknown) => this.findings.addError(error, "an invariant could not be judged"));
      return true;
    };
    const sentBefore = this.world.sent;
    const stop = await this.driver.settled(async () => this.scenario.body(this.context.api));
    this.messages = this.world.sent - sentBefore;
    if (stop.outcome === "stuck") {
      this.unknown = stuck("the scenario");
      return;
    }
    if (stop.outcome === "threw") {
      if (!isRefusal(stop.error)) this.findings.addError(stop.error, "the scenario failed");
      await this.driver.until(() => this.driver.isIdle, this.world.nowUs + quiescenceBoundUs);
    }
    this.options.picking?.agenda.drain();
    for (const { name, site } of this.context.pendingChecks) {
      const message = `The check "${name}" was still running when the scenario ended: await it.`;
      this.findings.add(finding("error", "a check was not awaited", message, { site }));
    }
    this.hasSucceeded = this.recorder.events.some((event) => event.status === "ok" && !event.isSetup);
    const isJudged = this.context.judgedChecks + this.context.converged.length > 0 || this.invariants.areThere;
    if (stop.outcome === "threw" && !isJudged) this.cutShortBy = stop.error;
    this.disturbances.heal();
    if (await this.quiesce()) {
      const { judged, driver, context, invariants, findings } = this;
      this.unknown = await judgeQuiescent({ judged, driver, context, invariants, findings });
    } else {
      const message = `60 s after all faults were healed the replicas have not come to rest.`;
      this.findings.add(finding("liveness", "replicas come to rest", message));
    }
    this.recorder.close();
    const { findings, undecided } = judgeGuarantees(this.judged);
    for (const found of findings) this.findings.add(found);
    if (undecided !== undefined) this.unknown ??= { reason: undecided, isStuck: false };
  }

  private get judged(): Judged {
    return { deployment: this.deployment, recorder: this.recorder, faults: this.disturbances.faults };
  }

  private quiesce(): Promise<boolean> {
    return quiesce(this.world, this.deployment, this.driver);
  }

  private digest(): string {
    return this.mergeFailed ? "" : digestOf(this.deployment);
  }

  /** The time that user code sees. */
  private userNowUs(): number {
    const { nowUs, scheduler } = this.world;
    const us = nowUs + scheduler.ticksUs - this.epochUs;
    this.options.picking?.agenda.clockRead(us);
    return us;
  }

  private virtualHost() {
    const random = Prng.seeded(this.options.seed, "globals");
    return {
      nowUs: () => Math.max(0, this.userNowUs()),
      setTimer: (run: () => void, delayUs: number) => this.driver.setTimer(run, delayUs),
      clearTimer: (id: number) => this.driver.clearTimer(id),
      random: () => {
        const fraction = random.fraction();
        this.options.picking?.agenda.sharedWithUser(fraction);
        return fraction;
      },
      forbidden: (_what: string, error: Error) => this.findings.addError(error, outsideMessage),
      uncaught: (error: unknown) => this.findings.addError(error, "a timer's callback threw"),
    };
  }

  /** A callback of a timer that was set while modules were evaluated. */
  private attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.findings.addError(error, "a timer's callback threw");
    }
  }

  /** Why this schedule judged nothing, if so. */
  private vacuity(): string | undefined {
    if (this.cutShortBy !== undefined) {
      const what = messageOf(this.cutShortBy);
      return `an error ended the scenario before anything was judged: ${what} Catch it, or call \`converged\` first.`;
    }
    if (this.hasSucceeded) return undefined;
    return this.recorder.events.some(({ isSetup }) => !isSetup)
      ? "no operation succeeded."
      : "no cell was read or written. What the code keeps elsewhere is not replicated.";
  }

  private result(): Run {
    const { recorder } = this;
    const state = hash(this.digest()) ^ hash(this.findings.text);
    return {
      seed: this.options.seed,
      findings: this.findings.all,
      vacuous: this.vacuity(),
      unknown: this.unknown,
      calls: recorder.calls,
      judgements: this.context.judgements,
      figures: this.context.figures.counts,
      faultsFired: this.nemesis.firedCounts,
      simulatedUs: this.world.nowUs,
      mergedFields: mergedFields(this.judged),
      measurements: this.options.levels && measure(this.judged, this.context, this.invariants, this.messages),
      digest: `${(recorder.fingerprint >>> 0).toString(16)}-${(state >>> 0).toString(16)}-${this.world.nowUs}`,
      trace: this.tracer?.trace(this.options.seed, this.deployment.regions),
      decisions: this.disturbances.decisions,
    };
  }
}
