import { type Occasion, type ScheduledEvent, Scheduler } from "./scheduler.js";

/** Picks what happens next; who has seen enough of a schedule throws. */
export interface Chooser {
  /** By index. `step` is what has happened since the last choice. */
  choose(enabled: readonly Occasion[], step: Step): number;
  /** There is nothing left to choose. */
  ended(step: Step): void;
}

/** Thrown by a chooser that has seen enough of a schedule. */
export const abandoned: unknown = Symbol("abandoned");

/** What one step touched, by which it is known whether another one would have come to the same before it or after it. */
export interface Step {
  /** Processes, and flows of user code. */
  readonly places: ReadonlySet<string>;
  /** A session asked something; one was answered: which came first is what real time means to a history. */
  readonly asks: boolean;
  readonly answers: boolean;
  /** A clock was looked at, and what it says was part of the step. */
  readonly looksAtWall: boolean;
  readonly looksAtSteady: boolean;
  /** Time has passed in it. */
  readonly jumps: boolean;
  /** It has looked at everything: it changes places with no other. */
  readonly isOpaque: boolean;
  /** Nor can it be told what it touched. */
  readonly isAnywhere: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type OpenStep = Writable<Omit<Step, "places">> & { readonly places: Set<string> };

/** An event with its description, which stays the same for as long as it waits. */
interface Waiting {
  readonly event: ScheduledEvent;
  readonly occasion: Occasion;
}

/**
 * An agenda on which somebody picks among all that may happen next, in the place of the earliest. As long as that is so,
 * true time stands still: messages wait until they are picked, and who picks a timer lets time pass up to when it is due, so
 * that messages which are picked after it arrive later than it. Wall clocks are a microsecond further whenever a step has
 * looked at one: no two writes have the same time stamp, and what is written first has the lower one.
 *
 * When there is nothing left but timers, and they have been picked as often as they may be, the rest of the schedule goes
 * by time.
 */
export class Agenda extends Scheduler {
  private waiting: Waiting[] = [];
  private readonly urgent: ScheduledEvent[] = [];
  private step_: OpenStep = newStep();
  private readonly counts = new Map<string, number>();
  /** The last flow of user code that got something to go on with. */
  private flow = "start";
  private started = 0;
  private steps = 0;
  private hasBodyEnded = false;
  /** The step has had its tick of the clock. */
  private isOver = false;
  /** A flow of user code asks, and is told. */
  onAsked: ((flow: string, what: unknown) => void) | undefined;
  onTold: ((flow: string, what: unknown) => void) | undefined;
  /** What was picked, and what needed no picking. */
  readonly performed: string[] = [];
  /** Flows of user code share memory: what one is told, all are. */
  isShared = false;
  /** Taken to be so: nothing crashes and nothing is lost. What makes no difference any more when it happens, happens at once. */
  isCalm = false;
  /** Taken to be so: time makes no difference but to processes that wait for it. Timers that only let it pass are not picked. */
  isTimeless = false;
  /** Since the body began, user code has asked for a fault, or looked at a clock or set it: what it was taken for it is not. */
  wasDisturbed = false;
  hasShownTime = false;
  /** How many timers may be picked yet. */
  timersLeft: number;

  constructor(
    private readonly chooser: Chooser,
    timers: number,
  ) {
    super();
    this.timersLeft = timers;
  }

  /**
   * From now on somebody picks. Messages that are under way already arrive first.
   */
  begin(isShared: boolean): void {
    this.isShared ||= isShared;
    this.isChoosing = true;
    for (const event of this.takeAll().sort(byTime)) this.push(event);
    while (this.waiting.some(isMessage) || this.urgent.length > 0) this.perform(this.nextMessage());
    this.discardStale();
    this.performed.length = 0;
    this.hasShownTime = false;
    this.wasDisturbed = false;
    this.step_ = newStep();
  }

  /** The body of the schedule has ended: what is under way still arrives, in every order; timers wait. */
  drain(): void {
    this.hasBodyEnded = true;
    this.step_.isOpaque = true;
    while (this.isChoosing) this.step();
  }

  /** What waits, for who compares states. */
  get occasions(): readonly Occasion[] {
    this.discardStale();
    return this.waiting.map(({ occasion }) => occasion);
  }

  /** So that people see what came after what although no time has passed, each step takes a moment. */
  override get shownUs(): number {
    return this.nowUs + this.steps * shownStepUs;
  }

  override get isEmpty(): boolean {
    return this.isChoosing ? this.waiting.length + this.urgent.length === 0 : super.isEmpty;
  }

  override get nextUs(): number {
    return this.isChoosing ? this.nowUs : super.nextUs;
  }

  override step(): boolean {
    if (!this.isChoosing) return super.step();
    const urgent = this.urgent.shift();
    if (urgent !== undefined) {
      this.flow = urgent.occasion?.().place ?? this.flow;
      urgent.run(urgent);
      return true;
    }
    if (!this.closeStep()) return true;
    const enabled = this.enabled();
    if (enabled.length === 0) {
      this.end();
      return this.hasBodyEnded || super.step();
    }
    const occasions = enabled.map(({ occasion }) => occasion);
    const index = this.chooser.choose(occasions, this.step_);
    this.step_ = newStep();
    this.steps++;
    this.perform(enabled[index] as Waiting);
    this.isOver = false;
    return true;
  }

  override looked(clock: "wall" | "steady"): void {
    if (clock === "wall") this.step_.looksAtWall = true;
    else this.step_.looksAtSteady = true;
  }

  /** User code has looked at a clock. */
  clockRead(us: number): void {
    this.hasShownTime = true;
    if (!this.isChoosing) return;
    this.looked("wall");
    this.sharedWithUser(us);
  }

  /** User code has looked at a clock, or drawn a random number: flows that do are no longer apart from one another. */
  sharedWithUser(what: unknown): void {
    if (!this.isChoosing) return;
    this.step_.places.add(sharedPlace);
    this.onTold?.(sharedPlace, what);
  }

  /** A session asks. Answers with the flow that it belongs to. */
  asked(session: number, what: unknown): string {
    const flow = this.isShared ? sharedPlace : `session ${session}`;
    this.flow = flow;
    this.step_.places.add(flow);
    this.step_.asks = true;
    if (this.isChoosing) this.onAsked?.(flow, what);
    return flow;
  }

  answered(flow: string, what: unknown): void {
    this.step_.places.add(flow);
    this.step_.answers = true;
    if (this.isChoosing) this.onTold?.(flow, what);
  }

  /** The step changes places with no other. */
  obscure(): void {
    this.step_.isOpaque = true;
  }

  /** Nor can it be told what it touches. */
  scatter(): void {
    this.step_.isOpaque = true;
    this.step_.isAnywhere = true;
  }

  /** The flow of user code that is under way. At the start every timer begins one. */
  get currentFlow(): string {
    if (this.isShared) return sharedPlace;
    return this.flow === "start" ? `start ${this.started++}` : this.flow;
  }

  /** The how manieth of that name: part of a key. */
  numbered(name: string): string {
    const count = this.counts.get(name) ?? 0;
    this.counts.set(name, count + 1);
    return `${name} #${count}`;
  }

  protected override push(event: ScheduledEvent): void {
    if (!this.isChoosing) {
      super.push(event);
      return;
    }
    const described = event.occasion?.();
    if (described?.kind === "answer" || (described === undefined && event.at <= this.nowUs)) this.urgent.push(event);
    else if (described === undefined) this.waiting.push({ event, occasion: this.unknown(event) });
    else this.waiting.push({ event, occasion: { ...described, key: this.numbered(described.key) } });
  }

  private unknown({ at }: ScheduledEvent): Occasion {
    return { kind: "turn", key: this.numbered("fault"), content: at, place: opaquePlace };
  }

  private perform({ event, occasion }: Waiting): void {
    const { step_: step } = this;
    this.performed.push(occasion.key);
    this.waiting = this.waiting.filter((other) => other.event !== event);
    step.places.add(occasion.place);
    if (occasion.place === opaquePlace) this.scatter();
    if (occasion.kind === "timer") {
      this.timersLeft--;
      step.jumps = true;
    } else if (occasion.kind === "turn") {
      this.flow = occasion.place;
      if (event.at > this.nowUs) step.jumps = true;
    }
    this.nowUs = Math.max(this.nowUs, event.at);
    event.run(event);
  }

  /** A clock that was looked at goes on. False: something that made no difference has happened, which may not be all. */
  private closeStep(): boolean {
    if (this.step_.looksAtWall && !this.isOver) this.ticksUs++;
    this.isOver = true;
    this.discardStale();
    return !this.isCalm || !this.takeSpent();
  }

  /** Of the step it is a part only in that a process holds something else after it: when it happens is no matter. */
  private takeSpent(): boolean {
    const { timersLeft } = this;
    const spent = this.waiting.find(
      ({ occasion }) => isMessage({ occasion }) && occasion.isSpent?.(timersLeft) === true,
    );
    if (spent === undefined) return false;
    const { step_: step } = this;
    this.step_ = newStep();
    this.perform(spent);
    for (const place of this.step_.places) step.places.add(place);
    this.step_ = step;
    return true;
  }

  /** All that may happen next. */
  private enabled(): readonly Waiting[] {
    const { waiting, hasBodyEnded } = this;
    if (hasBodyEnded)
      return waiting.filter(({ occasion }) => occasion.kind === "delivery" || occasion.kind === "request");
    // Timers of user code go off in the order of time, as those of one process do.
    let firstTurnUs = Number.POSITIVE_INFINITY;
    for (const { event, occasion } of waiting)
      if (occasion.kind === "turn") firstTurnUs = Math.min(firstTurnUs, event.at);
    const turnUs = Math.max(firstTurnUs, this.nowUs);
    return waiting.filter(({ event, occasion }) => {
      if (occasion.kind === "timer")
        return this.timersLeft > 0 && !(this.isTimeless && occasion.isSpent?.(this.timersLeft) === true);
      return occasion.kind !== "turn" || event.at <= turnUs;
    });
  }

  private nextMessage(): Waiting {
    const urgent = this.urgent.shift();
    if (urgent !== undefined) return { event: urgent, occasion: this.unknown(urgent) };
    return this.waiting.find(isMessage) as Waiting;
  }

  private discardStale(): void {
    this.waiting = this.waiting.filter(({ occasion }) => occasion.isStale?.() !== true);
  }

  /** What is left waits for its time, in an order that does not depend on how it came to be set. */
  private end(): void {
    this.isChoosing = false;
    this.chooser.ended(this.step_);
    const inOrder = (a: Waiting, b: Waiting) => a.event.at - b.event.at || (a.occasion.key < b.occasion.key ? -1 : 1);
    for (const { event } of this.waiting.splice(0).sort(inOrder))
      super.schedule(Math.max(0, event.at - this.nowUs), event);
  }
}

const shownStepUs = 1_000;

/** The place of user code whose flows are not apart. */
export const sharedPlace = "user code";
const opaquePlace = "anywhere";

const isMessage = ({ occasion }: Pick<Waiting, "occasion">): boolean => occasion.kind === "delivery";
const byTime = (a: ScheduledEvent, b: ScheduledEvent): number => a.at - b.at || a.order - b.order;

const newStep = (): OpenStep => ({
  places: new Set(),
  asks: false,
  answers: false,
  looksAtWall: false,
  looksAtSteady: false,
  jumps: false,
  isOpaque: false,
  isAnywhere: false,
});
