import {
  Causal,
  Eventual,
  Linearizable,
  NoConsistency,
  type Register,
  Replicated,
  register,
  Sequential,
} from "@faultline/runtime";
import { partition, type ScenarioContext, scenario } from "@faultline/runtime/simulation";

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
