import type { StateEvent, Trace } from "../../../runtime/src/simulation/trace.js";
import type { Timed } from "./format.js";
import { processes } from "./tracks.js";

/** What replicas hold: numbers as counters from time 0 on, anything else as a mark on the replica's track when it changes. */
export function stateEvents(trace: Trace): readonly Timed[] {
  const all = trace.events.filter((event) => event.kind === "state");
  const cells = new Set(all.map(({ cell }) => cell));
  return [...cells].flatMap((cell) => {
    const states = all.filter((state) => state.cell === cell);
    const initial = trace.cells?.find((each) => each.cell === cell)?.initial;
    // JSON has no form for what is not finite.
    const isNumeric = [...states.map(({ value }) => value), initial ?? "0"].every((value) =>
      Number.isFinite(Number(value)),
    );
    return isNumeric
      ? trace.regions.flatMap((region) => counterOf(region, cell, initial, states))
      : states.filter(({ atUs }) => atUs >= 0).map((state) => markOf(state, trace.regions));
  });
}

function counterOf(
  region: string,
  cell: string,
  initial: string | undefined,
  states: readonly StateEvent[],
): readonly Timed[] {
  const here = states.filter((state) => state.region === region);
  const begun = here.findLast(({ atUs }) => atUs <= 0)?.value ?? initial;
  const points = [...(begun === undefined ? [] : [{ atUs: 0, value: begun }]), ...here.filter(({ atUs }) => atUs > 0)];
  return points.map(({ atUs, value }) => ({
    ...{ ph: "C", name: `${cell} in ${region}`, cat: "state", ts: atUs, pid: processes.states },
    args: { value: Number(value) },
  }));
}

const markOf = ({ region, cell, value, atUs }: StateEvent, regions: readonly string[]): Timed => ({
  ...{ ph: "i", name: `${cell} = ${value}`, cat: "state", ts: atUs },
  ...{ pid: processes.replicas, tid: regions.indexOf(region) + 1, s: "t" },
});
