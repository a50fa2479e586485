import type { EventChange } from "../../analysis/view/event-changes.js";
import type { MutableEvent } from "../../analysis/view/event-members.js";
import type { Problem, Report, Rule } from "../rule.js";
import { list } from "../words.js";

/** What happened does not change (Young; Vernon): an event is shared by all that is ever made from it. */
export const noEventMutation: Rule = {
  id: "no-event-mutation",
  severity: "error",
  summary: "Events that are changed after they were made, and event types with members that can be changed.",
  check(model, report) {
    for (const change of model.eventChanges) report(changed(change));
    const isChanged = model.eventChanges.length > 0;
    for (const event of model.mutableEvents) report(mutable(event, isChanged, report));
  },
};

function changed({ event, target, site }: EventChange): Problem {
  const what = target === event ? `The event \`${event}\`` : `\`${target}\` of an event`;
  return {
    at: site,
    message: `${what} is changed after it happened.`,
    why: "The log, and everything that was made from it, holds the event as it was: what is built anew from the log differs from what runs now, and an audit finds neither.",
    help: `Make a new event that corrects it, or a copy: \`{ ...${event}, … }\`.`,
  };
}

/** While something is changed, `readonly` would only move the complaint to the compiler. */
function mutable(event: MutableEvent, isChanged: boolean, report: Report): Problem {
  const { type, members, site, places } = event;
  const names = members.length > 3 ? [...members.slice(0, 2), `${members.length - 2} more`] : members;
  const all = list(names.map((name) => (/ more$/.test(name) ? name : `\`${name}\``)));
  return {
    at: site,
    message: `\`${type}\` is an event, but its ${members.length === 1 ? "member" : "members"} ${all} can be changed.`,
    why: "Whoever gets the event may change what happened, for all who read it after: nothing tells them, not even the compiler.",
    help: `Make ${members.length === 1 ? "it" : "them"} \`readonly\`, and what ${members.length === 1 ? "it holds" : "they hold"} too: \`readonly T[]\`, \`ReadonlyMap\`.`,
    related:
      places.length > 1 || places[0]?.file !== site.file
        ? places.slice(0, 3).map((at) => ({ at, message: "this can be changed" }))
        : [],
    fixes: [isChanged ? undefined : report.fixes.makeReadonly(event)],
  };
}
