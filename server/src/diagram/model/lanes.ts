import type { Schedule } from "../input.js";

/** One line of the picture on which something can happen. Heights come from what is in it. */
export interface Lane {
  readonly kind: "network" | "session" | "replica";
  readonly region: string;
  readonly session: number | undefined;
  readonly title: string;
}

/** The network, then for each region its sessions and its replica, of those that have something to show. */
export function lanesOf(schedule: Schedule, visible: Iterable<number>, isViolated = false): readonly Lane[] {
  const { regions, sessions, events } = schedule;
  const active = new Set<number>();
  const judging = new Map<number, boolean>();
  let hasNetwork = isViolated;
  for (const index of visible) {
    const event = events[index];
    if (event?.kind === "call" || event?.kind === "operation") active.add(event.session);
    if (event?.kind === "fault" || event?.kind === "verdict") hasNetwork = true;
  }
  for (const event of events)
    if (event.kind === "operation")
      judging.set(event.session, (judging.get(event.session) ?? true) && event.judging === true);
  const places = regions.length > 0 ? regions : [...new Set(sessions.map(({ region }) => region))];
  return [
    ...(hasNetwork ? [{ kind: "network", region: "", session: undefined, title: "network" } as const] : []),
    ...places.flatMap((region): readonly Lane[] => [
      ...sessions
        .filter((session) => session.region === region && active.has(session.id))
        .map(({ id }) => ({ kind: "session", region, session: id, title: titleOf(id, judging.get(id)) }) as const),
      ...(regions.length > 0 ? [{ kind: "replica", region, session: undefined, title: "replica" } as const] : []),
    ]),
  ];
}

const titleOf = (session: number, isJudging = false): string => (isJudging ? "check" : `session ${session}`);
