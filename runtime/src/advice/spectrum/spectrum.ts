import { assertLevel, type Level, levels } from "../../levels.js";

/** What a level is like to choose: what speaks for it and against it, in words. Figures are with costs and latencies. */
export interface SpectrumEntry {
  readonly level: Level;
  readonly cost: string;
  readonly speed: string;
  readonly complexity: string;
  readonly pros: readonly string[];
  readonly cons: readonly string[];
  readonly goodFor: readonly string[];
  readonly badFor: readonly string[];
  /** What the application and its pages have to do so that people can live with it. */
  readonly mitigation: readonly string[];
}

/**
 * From one end to the other. Cost, speed and complexity are the document's scale, with one correction: causal operations
 * are local, so they are as fast as eventual ones. What costs is carrying the dependencies along.
 */
export const spectrum: readonly SpectrumEntry[] = [
  {
    level: "none",
    cost: "free",
    speed: "fast",
    complexity: "simple",
    pros: ["answers at once, from memory", "nothing to keep in touch with"],
    cons: ["what one node has another may never see", "gone with its node"],
    goodFor: ["caches", "static content", "samples of metrics"],
    badFor: ["money", "profiles: each visit may show another one"],
    mitigation: [
      "Keep the truth elsewhere, and let copies run out: a time to live bounds how long an old one is shown.",
      "Say how old a shown value is where that matters.",
    ],
  },
  {
    level: "eventual",
    cost: "cheap",
    speed: "fast",
    complexity: "simple",
    pros: [
      "answers where it is asked, also while cut off",
      "loses nothing that it acknowledged, and replicas converge",
    ],
    cons: [
      "an answer may be old, and even older than the last one",
      "conflicts are merged, and somebody has to say how",
    ],
    goodFor: ["counts and likes", "statistics", "carts that merge"],
    badFor: ["anything that only one may have", "a limit that must not be overshot"],
    mitigation: [
      "Use types that merge without choosing (counter, set, map, log), so that two changes both survive.",
      "Show a person's own change at once, from what the page knows, and mark what is not yet everywhere.",
      "Settle what conflicts where it counts, such as at checkout, and say there what has changed.",
    ],
  },
  {
    level: "causal",
    cost: "medium",
    speed: "fast: local, though the document has medium",
    complexity: "complex",
    pros: [
      "people see their own changes, and no answer before its question",
      "answers where it is asked, also while cut off",
    ],
    cons: [
      "concurrent changes still have to be merged",
      "each change carries what it depends on; a session that moves may wait",
    ],
    goodFor: ["comments and chats", "profiles and settings", "documents"],
    badFor: ["anything that only one may have", "a limit that must not be overshot"],
    mitigation: [
      "Hand on the session's token between requests, so that the next server knows what has been seen.",
      "Show concurrent edits beside each other, or merge them by a rule that people know.",
      "Say that one is waiting where a session has moved, and what for.",
    ],
  },
  {
    level: "sequential",
    cost: "expensive",
    speed: "slow to write, fast to read",
    complexity: "very hard",
    pros: ["one order that everybody sees, so that the first of two wins everywhere", "reads are local"],
    cons: [
      "a write waits for a majority, and is refused on the cut-off side",
      "a read may lag behind what others were told",
    ],
    goodFor: ["logs of events", "stock and bookings that are decided by the order of writes"],
    badFor: ["what has to be right this instant for somebody told outside of the system", "hot counters"],
    mitigation: [
      "Tell a refusal as one, and keep what was asked so that it can be sent again with the same id.",
      "Treat a timeout as unknown: ask for the outcome before doing it again.",
      "Do not decide by what another channel said: the read may not be there yet.",
    ],
  },
  {
    level: "linearizable",
    cost: "very expensive",
    speed: "slowest",
    complexity: "a doctorate",
    pros: ["behaves as one copy: what is acknowledged, everyone sees", "simple to reason about for whoever uses it"],
    cons: ["reads and writes wait for a majority", "the cut-off side is refused everything"],
    goodFor: ["balances", "locks, leaders and leases", "permissions"],
    badFor: ["preferences", "page views: every one of them would wait for a majority"],
    mitigation: [
      "Tell a refusal as one, and keep what was asked so that it can be sent again with the same id.",
      "Treat a timeout as unknown: ask for the outcome before doing it again.",
      'Offer an older answer, labelled as such, where only looking is meant: `.at("eventual")`.',
    ],
  },
];

/** That of a level. Throws a `RangeError` for what is none. */
export function spectrumOf(level: Level): SpectrumEntry {
  assertLevel(level);
  return spectrum[levels.indexOf(level)] as SpectrumEntry;
}
