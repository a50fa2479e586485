import { isIndeterminate, isUnavailable } from "../../runtime/src/index.js";
import { explore, isolate, type Region, scenario, simulate } from "../../runtime/src/simulation/index.js";
import { latencyFloorUs } from "../../runtime/src/simulation/network/regions.js";
import { table } from "./generated.js";
import type { Subject, SubjectClass } from "./subject.js";

/** A configuration whose costs a page shows. */
export interface Measured {
  readonly code: string;
  readonly subject: SubjectClass;
  /** Whether it does more than plain reads and writes: then a transaction over two objects is measured too. */
  readonly transacts: boolean;
  readonly regions: readonly string[];
}

const seeds = 8;
/** Waiting is cheaper to measure than messages are to count, and depends more on where the leader is. */
const waitingSeeds = 30;
const settledMs = 2_000;
const watchedMs = 3_000;

interface Action {
  readonly name: string;
  readonly act: (x: Subject, y: Subject) => Promise<unknown>;
}

const actions: readonly Action[] = [
  { name: "read", act: (x) => x.register.read() },
  { name: "write", act: (x) => x.register.write(1) },
  { name: "transaction over two objects", act: (x, y) => x.exchange(y, 1, 2) },
];

/** What one operation costs that meets no other, and what a partition does to operations, as Markdown. */
export async function costsOf(all: readonly Measured[]): Promise<string> {
  const costs: string[][] = [];
  const outcomes: string[][] = [];
  for (const measured of all) {
    for (const action of actions.filter(({ name }) => measured.transacts || !name.startsWith("transaction")))
      costs.push([`\`${measured.code}\``, action.name, ...(await costOf(measured, action))]);
    for (const side of ["nyc, alone", "london, with tokyo"] as const)
      for (const action of actions.slice(0, 2))
        outcomes.push([`\`${measured.code}\``, side, action.name, ...(await outcomesOf(measured, action, side))]);
  }
  return [
    `Measured by the simulation on ${seeds} seeds (waiting: ${waitingSeeds}), from a session in each region. Leaders are where the seed puts them, so a`,
    "range is from the best placed session to the worst. Messages are those beyond what goes on at rest. Round trips are",
    "between three regions equally far apart; the last column is real geography, the median in each region.",
    "",
    table(["configuration", "operation", "messages: mean (range)", "round trips", "ms by region"], costs),
    "",
    "What becomes of operations while nyc is cut off from the two others, asked in the first second and after five:",
    "",
    table(["configuration", "asked in", "operation", "in the first second", "after five seconds"], outcomes),
  ].join("\n");
}

/** On the equator, all as far from each other as three can be. */
const equallyFar: readonly Region[] = [0, 120, 240].map((longitude) => ({
  name: `at-${longitude}`,
  latitude: 0,
  longitude,
}));

const [here, there] = equallyFar as [Region, Region];
const roundTripMs = (2 * latencyFloorUs(here, there)) / 1_000;

async function costOf(measured: Measured, action: Action): Promise<readonly string[]> {
  const { regions } = measured;
  const messages: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const atRest = await messagesOf(measured, undefined, regions[0] as string, seed);
    for (const region of regions) messages.push((await messagesOf(measured, action, region, seed)) - atRest);
  }
  const inRegions = await Promise.all(regions.map((region) => waitsMs(measured, action, regions, region)));
  const inTrips = await Promise.all(equallyFar.map(({ name }) => waitsMs(measured, action, equallyFar, name)));
  const trips = inTrips.flat().map((waitMs) => Math.round(waitMs / roundTripMs));
  return [
    `${rounded(mean(messages))} (${range(messages)})`,
    regions.length === equallyFar.length ? range(trips) : "",
    regions.map((region, index) => `${region} ${Math.round(median(inRegions[index] ?? []))}`).join(", "),
  ];
}

/** Messages between replicas while one operation, or none, is done. */
async function messagesOf({ subject, regions }: Measured, action: Action | undefined, at: string, seed: number) {
  const target = scenario<string>("one operation", { regions }, async ({ session, sleep }) => {
    const [x, y] = [session(at).open(subject, "x"), session(at).open(subject, "y")];
    await sleep(settledMs);
    await Promise.all([action?.act(x, y), sleep(watchedMs)]);
  });
  const { trace } = await simulate(target, { seed });
  const until = (settledMs + watchedMs) * 1_000;
  return trace.events.filter((event) => event.kind === "message" && event.sentUs >= 0 && event.sentUs < until).length;
}

/** How long one operation takes, in virtual milliseconds, on each seed. */
async function waitsMs(
  { subject }: Measured,
  action: Action,
  regions: readonly (string | Region)[],
  at: string,
): Promise<readonly number[]> {
  const waits: number[] = [];
  const target = scenario<string>("one operation", { regions }, async ({ session, sleep, now }) => {
    const [x, y] = [session(at).open(subject, "x"), session(at).open(subject, "y")];
    await sleep(settledMs);
    const begun = now();
    await action.act(x, y);
    waits.push(now() - begun);
  });
  await explore(target, { schedules: waitingSeeds });
  return waits;
}

const minority = "nyc, alone";

/** What becomes of operations on one side of a partition: of those asked in its first second, and after five. */
async function outcomesOf({ subject }: Measured, action: Action, side: string): Promise<readonly [string, string]> {
  const regions = ["nyc", "london", "tokyo"] as const;
  const counted = [new Map<string, number>(), new Map<string, number>()] as const;
  const faults = [isolate("nyc", { fromMs: 0 })];
  const target = scenario("cut off", { regions, faults }, async ({ session, sleep }) => {
    const subjects = session(side === minority ? "nyc" : "london");
    const asks = async (outcomes: Map<string, number>) => {
      const [x, y] = [subjects.open(subject, "x"), subjects.open(subject, "y")];
      const outcome = await action.act(x, y).then(() => "answered", refusal);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    const asked: Promise<void>[] = [];
    for (const outcomes of counted) {
      for (let i = 0; i < 5; i++, await sleep(200)) asked.push(asks(outcomes));
      await sleep(4_000);
    }
    await Promise.all(asked);
  });
  await explore(target, { schedules: seeds });
  return [shares(counted[0]), shares(counted[1])];
}

function refusal(error: unknown): string {
  if (isUnavailable(error)) return "unavailable";
  if (isIndeterminate(error)) return "indeterminate";
  throw error;
}

function shares(outcomes: ReadonlyMap<string, number>): string {
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  const known = ["answered", "unavailable", "indeterminate"].filter((outcome) => outcomes.has(outcome));
  return known.map((outcome) => `${outcome} ${Math.round((100 * (outcomes.get(outcome) ?? 0)) / all)} %`).join(", ");
}

function range(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least}–${most}`;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function rounded(number: number): string {
  return (Math.round(number * 10) / 10).toString();
}
