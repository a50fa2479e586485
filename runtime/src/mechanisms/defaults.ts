// What an option is when it is not given. Data, so that whoever judges a configuration fills in the same.
export const gossipDefaults = { intervalMs: 1000 };
export const raftDefaults = { reads: "readIndex" };
export const primaryReplicaDefaults = { reads: "primary", acknowledge: "sync", failover: "manual", fencing: true };
export const quorumDefaults = { writeBack: true, readRepair: false, hintedHandoff: false, sloppy: false };
export const trueTimeDefaults = { epsilonMs: 7, commitWait: true };
