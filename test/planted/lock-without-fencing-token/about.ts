import type { About } from "../about.js";

export const about: About = {
  kind: "a lock that expires under its holder",
  story:
    "Whoever holds the lock reads a file and writes it back, but a lock that expires during a pause is given to the next one. Both write what they made of the same version.",
  source: "Kleppmann, How to do distributed locking, 2016; Jepsen: etcd 3.4.3, 2020",
  shows: [{ kind: "invariant", name: "no change to the file is lost" }],
};
