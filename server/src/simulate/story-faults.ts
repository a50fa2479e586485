import type { FaultEvent } from "../../../runtime/src/simulation/trace.js";
import type { BannerRow } from "./story-grid.js";

/** When the last fault of links ends, the network is whole again; other faults end in words of their own. */
export function faultRows(faults: readonly FaultEvent[]): readonly BannerRow[] {
  const rows: BannerRow[] = [];
  let active = 0;
  for (const { fault, phase, text, atUs } of faults) {
    if (momentary.has(fault)) {
      if (phase === "start") rows.push({ kind: "banner", atUs, text: labelled(fault, text), opens: true });
      continue;
    }
    const isOfLinks = endings[fault] === undefined;
    if (isOfLinks) active += phase === "start" ? 1 : -1;
    const isHealed = fault === "heal" || (isOfLinks && phase === "end" && active <= 0);
    const banner =
      phase === "start"
        ? labelled(titles[fault] ?? inWords(fault), text)
        : (endings[fault]?.(text) ?? ended(isHealed, fault, text));
    if (isHealed) while (isEndAt(rows.at(-1), atUs)) rows.pop();
    rows.push({ kind: "banner", atUs, text: banner, opens: phase === "start" });
  }
  return rows;
}

/** One heal says it for all that end with it. */
const isEndAt = (row: BannerRow | undefined, atUs: number): boolean =>
  row?.atUs === atUs && /^[\w ]+ ends(:|$)/.test(row.text);

/** Whether something that is told to have begun goes on at that time. */
export function isDisturbed(faults: readonly FaultEvent[], atUs: number): boolean {
  const begun = faults.filter(({ fault, atUs: fromUs }) => fromUs <= atUs && !momentary.has(fault));
  const count = (phase: FaultEvent["phase"]): number => begun.filter((event) => event.phase === phase).length;
  return count("start") > count("end");
}

/** Faults that act once, so that their end is none. */
const momentary: ReadonlySet<string> = new Set(["promote"]);

/** Faults whose text is a sentence about something. */
const titles: Readonly<Record<string, string>> = { clockDrift: "clock", clockSkew: "clock" };

/** Faults whose end has a word of its own. */
const endings: Readonly<Record<string, (text: string) => string>> = {
  clockDrift: (text) => labelled("clock", text.replace(" runs ", " no longer runs ")),
  clockSkew: (text) => labelled("clock", text.replace(" is ", " is no longer ")),
  crash: (text) => labelled("restart", text),
  pause: (text) => labelled("resume", text),
};

const ended = (isHealed: boolean, fault: string, text: string): string =>
  isHealed ? "heal" : labelled(`${inWords(fault)} ends`, text);

/** `slowRegion`: slow region. */
export const inWords = (fault: string): string => fault.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const labelled = (fault: string, text: string): string => (text === "" ? fault : `${fault}: ${text}`);
