import {
  Causal,
  Eventual,
  isIndeterminate,
  isUnavailable,
  Linearizable,
  NoConsistency,
  type Register,
  Replicated,
  register,
  Sequential,
} from "@faultline/runtime";
import { crash, isolate, partition, type ScenarioContext, scenario } from "@faultline/runtime/simulation";

/** Two variables, and one question about them at five levels. */
abstract class Variables {
  readonly x: Register<number> = register(0);
  readonly y: Register<number> = register(0);

  constructor(readonly id: string) {}

  async write(name: "x" | "y", value: number): Promise<void> {
    await this[name].write(value);
  }

  async read(name: "x" | "y"): Promise<number> {
    return await this[name].read();
  }
}

@Replicated()
@NoConsistency()
export class AtNone extends Variables {}

@Replicated()
@Eventual()
export class AtEventual extends Variables {}

@Replicated()
@Causal()
export class AtCausal extends Variables {}

@Replicated()
@Sequential()
export class AtSequential extends Variables {}

@Replicated()
@Linearizable()
export class AtLinearizable extends Variables {}

export const levels = {
  none: AtNone,
  eventual: AtEventual,
  causal: AtCausal,
  sequential: AtSequential,
  linearizable: AtLinearizable,
};

/** Two observers in Tokyo, each with a replica of its own. */
export const places = ["nyc", "london", "tokyo", { name: "shibuya", latitude: 35.66, longitude: 139.7 }] as const;
type Place = "nyc" | "london" | "tokyo" | "shibuya";
type Context = ScenarioContext<Place>;

/**
 * New York writes 1 and London 2, at the same instant. Two observers read while that is going on, and again when both
 * have been told that it is done.
 */
export async function observations(
  { session, sleep, random }: Pick<Context, "session" | "sleep" | "random">,
  type: new (id: string) => Variables,
): Promise<readonly number[]> {
  const at = (place: Place) => session(place).open(type, "document");
  const written = Promise.all([at("nyc").write("x", 1), at("london").write("x", 2)]);
  const observe = async (observer: Variables): Promise<readonly number[]> => {
    await sleep(random() * 150);
    const first = await observer.read("x");
    await written;
    return [first, await observer.read("x")];
  };
  return (await Promise.all([observe(at("tokyo")), observe(at("shibuya"))])).flat();
}

const oneAnswer = (type: new (id: string) => Variables) => async (context: Context) => {
  const [, tokyo = 0, , shibuya = 0] = await observations(context, type);
  await context.check("both observers have the same answer", () => tokyo === shibuya && tokyo > 0);
};

export const answerAtNone = scenario("level none has an answer", { regions: places }, oneAnswer(AtNone));
export const answerAtEventual = scenario("eventual has an answer", { regions: places }, oneAnswer(AtEventual));
export const answerAtCausal = scenario("causal has an answer", { regions: places }, oneAnswer(AtCausal));
export const answerAtSequential = scenario("sequential has an answer", { regions: places }, oneAnswer(AtSequential));
export const answerFixed = scenario("linearizable has an answer", { regions: places }, oneAnswer(AtLinearizable));

/** For a while New York does not reach the one observer, and London not the other. */
const cables = {
  regions: places,
  faults: [partition([["nyc"], ["shibuya"]], { untilMs: 400 }), partition([["london"], ["tokyo"]], { untilMs: 400 })],
};

/** New York writes x and London y. Who sees one of them without the other says that it came first. */
const oneOrder = (type: new (id: string) => Variables) => async (context: Context) => {
  const { session, sleep, random, check } = context;
  const at = (place: Place) => session(place).open(type, "document");
  const observe = async (observer: Variables, first: "x" | "y", second: "x" | "y") => {
    await sleep(random() * 250);
    return (await observer.read(first)) > (await observer.read(second));
  };
  const [x, y] = await Promise.all([
    observe(at("tokyo"), "x", "y"),
    observe(at("shibuya"), "y", "x"),
    at("nyc").write("x", 1),
    at("london").write("y", 1),
  ]);
  await check("they do not contradict each other", () => !(x && y));
};

export const orderAtCausal = scenario("causal has one order", cables, oneOrder(AtCausal));
export const orderFixed = scenario("sequential has one order", cables, oneOrder(AtSequential));

/** What a read in Tokyo waits for at each level, and how long after the writes began both observers agree. */
export const waitMeasured = scenario("what an answer costs", { regions: places }, async (context) => {
  const { session, sleep, now, measure } = context;
  for (const [level, type] of Object.entries(levels)) {
    const at = (place: Place): Variables => session(place).open<Variables>(type, "document");
    const [tokyo, shibuya] = [at("tokyo"), at("shibuya")];
    const beganAt = now();
    const written = Promise.all([at("nyc").write("x", 1), at("london").write("x", 2)]);
    for (let reads = 0; reads < (level === "none" ? 1 : 100); reads++) {
      const askedAt = now();
      const answer = await tokyo.read("x");
      measure(`${level}: a read in Tokyo`, now() - askedAt, { unit: "ms" });
      if (answer > 0 && answer === (await shibuya.read("x"))) break;
      await sleep(20);
    }
    if (level !== "none") measure(`${level}: both agree after`, now() - beganAt, { unit: "ms" });
    await written;
  }
});

/** From the third second on nobody hears of Tokyo. It can refuse, or answer for itself. */
export const cutOffMeasured = scenario(
  "who answers where the network is cut",
  { regions: ["nyc", "london", "tokyo"], faults: [isolate("tokyo", { fromMs: 3_000, untilMs: 60_000 })] },
  async ({ session, sleep, now, measure }) => {
    for (const [level, type] of Object.entries(levels)) {
      const tokyo = session("tokyo").open(type, "document");
      const beganAt = now();
      await tokyo.write("x", 1);
      await tokyo.read("x");
      measure(`${level}: before, a write and a read`, now() - beganAt, { unit: "ms" });
    }
    await sleep(5_000 - now());
    for (const [level, type] of Object.entries(levels)) {
      const [tokyo, london] = [session("tokyo").open(type, "document"), session("london").open(type, "document")];
      const claim = level === "linearizable" ? "CP: rejects" : level === "sequential" ? "" : "AP: accepts";
      const isWritten = await isAnswered(tokyo.write("x", 2));
      measure(`${level}: cut off, Tokyo writes`, isWritten ? 100 : 0, { unit: "%", claim });
      measure(`${level}: cut off, Tokyo reads`, (await isAnswered(tokyo.read("x"))) ? 100 : 0, { unit: "%", claim });
      if (isWritten)
        measure(`${level}: and London reads that`, (await london.read("x")) === 2 ? 100 : 0, { unit: "%" });
    }
  },
);

/** One node is consistent and available. Then there is no node. */
export const oneNodeMeasured = scenario(
  "a single node",
  { regions: ["tokyo"], faults: [crash("tokyo", { fromMs: 1_000, untilMs: 60_000 })] },
  async ({ session, sleep, now, measure }) => {
    const only = session("tokyo").open(AtLinearizable, "document");
    const beganAt = now();
    await only.write("x", 1);
    measure("a write and a read", (await only.read("x")) === 1 ? now() - beganAt : Number.NaN, { unit: "ms" });
    await sleep(1_000);
    const claim = "CA: dies when the node fails";
    measure("answered when it has crashed", (await isAnswered(only.read("x"))) ? 100 : 0, { unit: "%", claim });
  },
);

async function isAnswered(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isUnavailable(error) || isIndeterminate(error)) return false;
    throw error;
  }
}
