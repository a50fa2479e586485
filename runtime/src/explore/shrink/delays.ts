import type { Decisions, MessageDelay } from "../decisions.js";
import { fewest, first } from "./fewest.js";
import { rounded, simplerNumbers } from "./round-numbers.js";
import type { Trials } from "./trials.js";

/** All messages on time, if that still shows it. */
export async function withoutDelays(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const punctual = { ...decisions, delays: [] };
  return (await trials.shows(punctual)) ? punctual : decisions;
}

/**
 * Messages as late as the seed says, if that still shows it, to begin with: with a call less, other messages have the
 * numbers by which late ones are listed.
 */
export async function withDelaysOfTheSeed(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const { delays: _, ...asTheSeedSays } = decisions;
  return (await trials.shows(asTheSeedSays)) ? asTheSeedSays : decisions;
}

/** As few late messages as it takes, each late by a time that is easy to read. */
export async function withFewerDelays(decisions: Decisions, trials: Trials): Promise<Decisions> {
  const listed = decisions.delays === undefined ? (await trials.trace(decisions)).decisions : decisions;
  if (listed.delays === undefined || listed.delays.length === 0 || !(await trials.shows(listed))) return decisions;
  const of = (delays: readonly MessageDelay[]): Decisions => ({ ...listed, delays });
  const shows = (delays: readonly MessageDelay[]): Promise<boolean> => trials.shows(of(delays));
  // Most are a few milliseconds late, which seldom matters.
  const latest = [...listed.delays].sort((a, b) => b.extraUs - a.extraUs);
  const counts = [1];
  for (let count = 1; count < latest.length; count *= 2) counts.push(2 * count);
  const count = (await first(counts, (some) => shows(latest.slice(0, some)))) ?? latest.length;
  let kept = await fewest(latest.slice(0, count), shows);
  if (kept.length <= few) kept = await withRoundTimes(kept, shows);
  return of(kept);
}

/** More cannot be told one by one anyway. */
const few = 12;

async function withRoundTimes(
  delays: readonly MessageDelay[],
  shows: (delays: readonly MessageDelay[]) => Promise<boolean>,
): Promise<readonly MessageDelay[]> {
  let simplest = delays;
  for (const [index, { extraUs }] of delays.entries()) {
    const late = (ms: number) => simplest.map((each, at) => (at === index ? { ...each, extraUs: ms * 1000 } : each));
    const extraMs = extraUs / 1000;
    const shorter = await first(simplerNumbers(extraMs, 1), (ms) => shows(late(ms)));
    if (shorter !== undefined) simplest = late(shorter);
    else
      for (const ms of rounded(extraMs))
        if (await shows(late(ms))) {
          simplest = late(ms);
          break;
        }
  }
  return simplest;
}
