import type { Domain } from "../deployment/simulated/domain.js";
import { windowOf } from "../faults/fault.js";
import { bindFault, drawFaults, type Fault } from "../faults/index.js";
import type { Disturbance, Nemesis } from "../simulation/nemesis.js";
import { DecidedDelays, DelayRecorder, type LateMessage } from "../simulation/network/message-delays.js";
import { Prng } from "../simulation/prng.js";
import type { World } from "../simulation/world.js";
import type { Decisions, MessageDelay } from "./decisions.js";
import type { Scenario } from "./scenario.js";
import type { RunOptions } from "./schedule.js";
import { encodePlan } from "./workload/plan-document.js";

/** What befalls a schedule: its faults and how late its messages are, as asked for, as drawn, or as decided before. */
export class Disturbances {
  /** Those of the scenario, of the options, and those that its body has asked for so far. */
  readonly faults: Fault[] = [];
  /** Why the options make no sense. */
  refusal: unknown;
  /** Those that were there when the body began. */
  private atStart: readonly Fault[] = [];
  private readonly recorder: DelayRecorder | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly options: RunOptions,
    private readonly world: World,
    private readonly nemesis: Nemesis,
  ) {
    const { network, regions } = world;
    const { delays } = options.decisions ?? {};
    if (delays !== undefined) network.ledger = new DecidedDelays(regions.length, delays.flatMap(this.onLink));
    this.recorder = options.traced === true && delays === undefined ? new DelayRecorder(regions.length) : undefined;
    network.ledger ??= this.recorder;
  }

  /** The body is about to begin. */
  begin(domains: Iterable<Domain>): void {
    const { decisions } = this.options;
    try {
      for (const fault of decisions?.faults ?? this.askedFor(domains)) this.disturb(fault);
    } catch (error) {
      this.refusal = error;
      throw error;
    }
    this.atStart = [...this.faults];
    if (decisions?.delays !== undefined || this.isUndisturbed) return;
    this.world.network.strategy = this.scenario.generated?.delays;
  }

  disturb(fault: Fault): Disturbance {
    const disturbance = bindFault(fault, this.world);
    this.nemesis.schedule(disturbance, windowOf(fault.fault, fault));
    this.faults.push(fault);
    return disturbance;
  }

  heal(): void {
    this.nemesis.healAll();
    this.world.network.strategy = undefined;
  }

  /** What was decided, once the schedule is over, if it was traced. */
  get decisions(): Decisions | undefined {
    const { scenario, options, recorder } = this;
    if (options.traced !== true) return undefined;
    const { generated } = scenario;
    return {
      seed: options.seed,
      ...(generated === undefined
        ? {}
        : { regions: this.world.regions.map(({ name }) => name), plan: encodePlan(generated.plan) }),
      ...(options.decisions?.order === undefined ? {} : { order: options.decisions.order }),
      faults: this.atStart,
      delays:
        recorder === undefined ? (options.decisions?.delays ?? []) : recorder.late.map((late) => this.named(late)),
    };
  }

  /** A list of faults in the place of a workload's own is all that disturbs it. */
  private get isUndisturbed(): boolean {
    return Array.isArray(this.options.faults ?? this.scenario.faults);
  }

  private askedFor(domains: Iterable<Domain>): readonly Fault[] {
    const asked = this.options.faults ?? this.scenario.faults;
    if (Array.isArray(asked)) return asked as readonly Fault[];
    return (
      this.scenario.generated?.drawFaults(domains) ??
      drawFaults(this.world.regions, Prng.seeded(this.options.seed, "nemesis"))
    );
  }

  private named({ from, to, index, extraUs }: LateMessage): MessageDelay {
    const name = (region: number) => this.world.regions[region]?.name ?? "";
    return { from: name(from), to: name(to), index, extraUs };
  }

  /** None for a region that is not there any more. */
  private readonly onLink = ({ from, to, index, extraUs }: MessageDelay): readonly LateMessage[] => {
    const place = (name: string) => this.world.regions.findIndex((region) => region.name === name);
    const [a, b] = [place(from), place(to)];
    return a < 0 || b < 0 ? [] : [{ from: a, to: b, index, extraUs }];
  };
}
