import type { Gallery, OperationEvent, ScheduleEvent } from "../../server/src/diagram/input.js";

const regions = ["nyc", "london", "tokyo"] as const;
const sessions = regions.flatMap((region, index) => [
  { id: 2 * index + 1, region },
  { id: 2 * index + 2, region },
]);

/**
 * A schedule of so many events, in the proportions of a real one: of ten events six are messages, and every fiftieth is
 * lost. Its last two writes race. The same for the same number.
 */
export function longGallery(count: number): Gallery {
  const events: ScheduleEvent[] = [];
  for (let index = 0; events.length < count - 2; index++) events.push(eventAt(index));
  const lastUs = events.length * 2_000;
  events.push(write(count, 1, "nyc", lastUs), write(count + 1, 3, "london", lastUs + 10_000));
  const pair = [events.length - 2, events.length - 1];
  return {
    version: 1,
    schedules: [{ regions, sessions, cells: [{ cell: "account.balance", initial: "0" }], events }],
    pictures: [
      {
        ...{ schedule: 0, target: "long.ts#long", title: "nothing is lost", outcome: "violated" },
        ...{ summary: "violated in 1 of 1 schedules · seed 1", remedies: [], cells: ["account.balance"] },
        racing: [count, count + 1],
        story: pair.map((event, at) => ({ text: `Write ${at + 1}.`, atUs: lastUs + at * 10_000, events: [event] })),
      },
    ],
  };
}

function eventAt(index: number): ScheduleEvent {
  const atUs = index * 2_000;
  const region = regions[index % 3] ?? "nyc";
  const other = regions[(index + 1) % 3] ?? "london";
  switch (index % 10) {
    case 0: {
      const { id: session, region: home } = sessions[index % sessions.length] ?? { id: 1, region };
      return { ...write(index, session, home, atUs), outcome: index % 70 === 0 ? "info" : "ok" };
    }
    case 1:
    case 2:
      return { kind: "state", atUs, region, cell: "account.balance", value: String(index) };
    case 3:
      return { kind: "note", atUs, region, text: `leads term ${index}` };
    default: {
      const message = {
        kind: "message",
        sentUs: atUs,
        from: region,
        to: other,
        domain: "eventual",
        text: "digest",
      } as const;
      return index % 50 === 4 ? message : { ...message, deliveredUs: atUs + 30_000 };
    }
  }
}

function write(id: number, session: number, region: string, atUs: number): OperationEvent {
  return {
    ...{
      kind: "operation",
      id,
      session,
      region,
      atUs,
      endUs: atUs + 8_000,
      cell: "account.balance",
      level: "eventual",
    },
    ...{ operation: "update", mutates: true, detail: `${id} → ${id + 1}`, outcome: "ok" },
  };
}
