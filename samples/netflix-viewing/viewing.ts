import { type Clock, projection } from "@faultline/runtime/cqrs";
import { decider, type Event, type Recorded } from "@faultline/runtime/eventsourcing";
import * as z from "zod/mini";

export const title = z.enum(["Dark", "Ozark", "Roma"]);
export type Title = z.infer<typeof title>;

/** What happens in one account. Its stream has the account's identity. */
export type ViewingEvent =
  | Event<"Subscribed">
  | Event<"PlaybackStarted", { title: Title }>
  | Event<"BillingStarted", { title: Title }>
  | Event<"PlaybackPaused", { title: Title; minute: number }>
  | Event<"Rated", { title: Title; stars: number }>;

export type ViewingCommand =
  | { readonly type: "Subscribe" }
  | { readonly type: "StartPlayback"; readonly title: Title }
  | { readonly type: "PausePlayback"; readonly minute: number }
  | { readonly type: "Rate"; readonly title: Title; readonly stars: number };

export interface Account {
  readonly isSubscribed: boolean;
  readonly playing: Title | undefined;
}

const newcomer: Account = { isSubscribed: false, playing: undefined };

/** The write model: no more than what commands are decided by. */
export const viewing = decider({
  initialState: newcomer,
  decide(command: ViewingCommand, { isSubscribed, playing }: Account): readonly ViewingEvent[] {
    if (command.type === "Subscribe") return isSubscribed ? [] : [{ type: "Subscribed" }];
    if (!isSubscribed) throw new NoSubscriptionError("there is no subscription");
    if (command.type === "Rate") return [{ type: "Rated", title: command.title, stars: command.stars }];
    if (command.type === "StartPlayback") {
      const { title } = command;
      return [
        { type: "PlaybackStarted", title },
        { type: "BillingStarted", title },
      ];
    }
    return playing === undefined ? [] : [{ type: "PlaybackPaused", title: playing, minute: command.minute }];
  },
  evolve(account: Account, event: ViewingEvent): Account {
    if (event.type === "Subscribed") return { ...account, isSubscribed: true };
    if (event.type === "PlaybackStarted") return { ...account, playing: event.title };
    return event.type === "PlaybackPaused" ? { ...account, playing: undefined } : account;
  },
});

export class NoSubscriptionError extends Error {
  override readonly name = "NoSubscriptionError";
}

/** Everything that was watched, newest first. */
export const history = projection({
  name: "viewing history",
  initialState: [] as readonly Title[],
  evolve: (titles, event: ViewingEvent) => (event.type === "PlaybackStarted" ? [event.title, ...titles] : titles),
});

/** A number by title. */
export type ByTitle = Readonly<Partial<Record<Title, number>>>;
const nothing: ByTitle = {};

/** At which minute each title was left. */
export const continueWatching = projection({
  name: "continue watching",
  initialState: nothing,
  evolve(minutes, event: ViewingEvent): ByTitle {
    if (event.type === "PlaybackStarted") return { [event.title]: 0, ...minutes };
    return event.type === "PlaybackPaused" ? { ...minutes, [event.title]: event.minute } : minutes;
  },
});

const alike: Readonly<Record<Title, Title>> = { Dark: "Ozark", Ozark: "Dark", Roma: "Dark" };

/** How strongly each title is suggested by what was watched, and more so by what was liked. */
export const recommendations = projection({
  name: "recommendations",
  initialState: nothing,
  evolve(weights, event: ViewingEvent): ByTitle {
    if (event.type !== "PlaybackStarted" && event.type !== "Rated") return weights;
    const suggested = alike[event.title];
    const weight = event.type === "Rated" ? event.stars - 3 : 1;
    return { ...weights, [suggested]: (weights[suggested] ?? 0) + weight };
  },
});

export const numberOf = (type: ViewingEvent["type"], events: readonly Recorded<ViewingEvent>[]): number =>
  events.filter(({ event }) => event.type === type).length;

export const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
