import type { Fault } from "../../faults/index.js";
import type { Decisions } from "../decisions.js";
import { fewest, first } from "./fewest.js";
import { rounded, simplerNumbers } from "./round-numbers.js";
import type { Trials } from "./trials.js";

export async function withFewerFaults(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const faults = await fewest(decisions.faults, (kept) => trials.shows({ ...decisions, faults: kept }));
  return { ...decisions, faults };
}

/** Windows that begin with the run, that are shorter, and all numbers with fewer digits. */
export async function withSimplerFaults(decisions: Decisions, trials: Trials): Promise<Decisions> {
  let simplest = decisions;
  for (let index = 0; index < decisions.faults.length; index++) {
    for (const key of keysOf(simplest.faults[index] as Fault)) {
      const at = (value: number): Decisions => withNumber(simplest, index, key, value);
      const fault = simplest.faults[index] as Fault;
      const value = fault[key] as number;
      const least = key === "untilMs" ? fault.fromMs + 1 : 0;
      const found =
        (await first(proposalsFor(key, value, fault), (each) => trials.shows(at(each)))) ??
        (await firstThat(key.endsWith("Ms") ? rounded(value) : [], (each) => each >= least && trials.shows(at(each))));
      if (found !== undefined) simplest = at(found);
    }
  }
  return simplest;
}

async function firstThat(values: readonly number[], test: (value: number) => boolean | Promise<boolean>) {
  for (const value of values) if (await test(value)) return value;
  return undefined;
}

/** The window last, as what happens in it decides how long it has to be. */
const keysOf = (fault: Fault): readonly string[] => {
  const numbers = Object.keys(fault).filter((key) => typeof fault[key] === "number");
  return [
    ...numbers.filter((key) => !key.endsWith("Ms") || key === "delayMs" || key === "heldMs"),
    ...windowKeys(fault),
  ];
};

const windowKeys = ({ untilMs }: Fault): readonly string[] =>
  untilMs === undefined ? ["fromMs"] : ["fromMs", "untilMs"];

function proposalsFor(key: string, value: number, { fromMs }: Fault): readonly number[] {
  if (key === "fromMs") return simplerNumbers(value);
  if (key === "untilMs") return simplerNumbers(value, fromMs + 1);
  if (key === "offsetMs") return simplerNumbers(Math.abs(value), 1).map((size) => Math.sign(value) * size);
  if (key.endsWith("Ratio") && key !== "driftRatio") return ratios.filter((ratio) => ratio > value);
  return key === "factor" ? simplerNumbers(value, 2) : simplerNumbers(value, 1);
}

/** All messages are told sooner than a share of them. */
const ratios: readonly number[] = [1, 0.5];

function withNumber(decisions: Decisions, index: number, key: string, value: number): Decisions {
  const faults = decisions.faults.map((fault, at): Fault => {
    if (at !== index) return fault;
    // A window that begins sooner stays as long as it was.
    const moved =
      key === "fromMs" && fault.untilMs !== undefined ? { untilMs: fault.untilMs - fault.fromMs + value } : {};
    return { ...fault, ...moved, [key]: value };
  });
  return { ...decisions, faults };
}
