import { describe, expect, it } from "vitest";
import type { MechanismId } from "./options.js";
import { mechanismOf } from "./registry.js";

type Options = Readonly<Record<string, unknown>>;

/** All combinations of the values given for each option. */
function combinations(values: Readonly<Record<string, readonly unknown[]>>): readonly Options[] {
  return Object.entries(values).reduce<readonly Options[]>(
    (all, [name, choices]) => all.flatMap((options) => choices.map((choice) => ({ ...options, [name]: choice }))),
    [{}],
  );
}

/** `acknowledge: "sync"` and the like, wherever a remedy names them. */
function named(remedy: string): Options {
  const pairs = [...remedy.matchAll(/(\w+): ("\w+"|\d+|true|false)/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, JSON.parse(value) as unknown]));
}

const flags = [true, false];
const quorums = [1, 2, 3, 4, 5].flatMap((n) => {
  const upToN = Array.from({ length: n }, (_, index) => index + 1);
  return combinations({ n: [n], r: upToN, w: upToN, writeBack: flags, sloppy: flags });
});
const defaults = { writeBack: true, sloppy: false };

const configurations: Readonly<Record<string, readonly Options[]>> = {
  raft: combinations({ reads: ["readIndex", "lease", "leader"] }),
  primaryReplica: combinations({
    reads: ["primary", "local"],
    acknowledge: ["sync", "semiSync", "async"],
    failover: ["manual", "automatic"],
    fencing: flags,
  }),
  quorum: quorums,
  trueTime: combinations({ epsilonMs: [1, 7], commitWait: flags }),
};

describe.each(Object.entries(configurations))("%s", (id, all) => {
  const mechanism = mechanismOf(id as MechanismId);
  const weak = all.filter((options) => mechanism.claims(options) !== "linearizable");

  it("says of every configuration that gives less why, and what to set", () => {
    expect(weak.length).toBeGreaterThan(0);
    for (const options of weak) {
      expect(mechanism.caveat?.(options), JSON.stringify(options)).toBeTruthy();
      const [remedy] = mechanism.remedies?.(options) ?? [];
      const text = remedy?.text ?? "";
      // A remedy that is a whole call starts from the defaults.
      const base = text.startsWith(`\`${id}(`) && id === "quorum" ? { ...options, ...defaults } : options;
      const followed = { ...base, ...named(text) };
      expect(mechanism.claims(followed), `${JSON.stringify(options)} ${text}`).toBe("linearizable");
      // What is tried is what the text says.
      expect({ ...options, ...remedy?.options }, text).toEqual(followed);
    }
  });

  it("has nothing to propose where all is given", () => {
    for (const options of all.filter((each) => !weak.includes(each)))
      expect(mechanism.remedies?.(options) ?? [], JSON.stringify(options)).toEqual([]);
  });
});
