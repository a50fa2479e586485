import type { FaultEvent, Trace } from "../../../runtime/src/simulation/trace.js";
import type { Timed } from "./format.js";
import { processes } from "./tracks.js";

const place = { cat: "fault", pid: processes.schedule, tid: 1 } as const;

/** Each fault as long as it lasts. They overlap, so they are slices of no thread. */
export function faultEvents({ events }: Trace, endUs: number): readonly Timed[] {
  const open: { readonly id: number; readonly name: string; readonly startUs: number }[] = [];
  const told: Timed[] = [];
  let ids = 0;
  const close = (at: number, ts: number): void => {
    const [fault] = open.splice(at, 1);
    if (fault === undefined) return;
    const { id, name, startUs } = fault;
    told.push({ ph: "b", name, ...place, ts: startUs, id }, { ph: "e", name, ...place, ts: Math.max(ts, startUs), id });
  };
  for (const event of events) {
    if (event.kind !== "fault") continue;
    const name = nameOf(event);
    const at = open.findIndex((fault) => fault.name === name);
    if (event.phase === "start") open.push({ id: ++ids, name, startUs: Math.max(0, event.atUs) });
    else close(at, event.atUs);
  }
  while (open.length > 0) close(0, endUs);
  return told;
}

const nameOf = ({ fault, text }: FaultEvent): string => (text === "" ? fault : `${fault}: ${text}`);
