/**
 * What an application imports: annotations, cells, and what opens them. Neither the simulator nor the mechanisms and
 * checkers are reachable from here, so that a bundle stays small.
 */
export { Counter, counter } from "./cells/counter.js";
export { Log, log } from "./cells/log.js";
export { type Openable, open, type ReplicatedClass, type ReplicatedType, replicated } from "./cells/open.js";
export { Register, register } from "./cells/register.js";
export { map, ReplicatedMap } from "./cells/replicated-map.js";
export { ReplicatedSet, set } from "./cells/replicated-set.js";
export { Available } from "./decorators/available.js";
export { Causal } from "./decorators/causal.js";
export { Deadline } from "./decorators/deadline.js";
export { Eventual } from "./decorators/eventual.js";
export { Invariant, type InvariantOptions } from "./decorators/invariant.js";
export type { LevelAnnotation, LevelOptions, MergingLevelOptions } from "./decorators/level.js";
export { Linearizable } from "./decorators/linearizable.js";
export { type LastWriterWins, lastWriterWins, type MergeFunction } from "./decorators/merge-policy.js";
export { NoConsistency } from "./decorators/no-consistency.js";
export { Replicated } from "./decorators/replicated.js";
export { Saga, type SagaOptions } from "./decorators/saga.js";
export { Sequential } from "./decorators/sequential.js";
export type { ClassAnnotation, FieldAnnotation, MethodAnnotation, ParameterAnnotation } from "./decorators/target.js";
export { Transaction } from "./decorators/transaction.js";
export { Workload, type WorkloadOptions } from "./decorators/workload.js";
export {
  type AmbientDeployment,
  deployment,
  type Session,
  type SessionOptions,
} from "./deployment/ambient.js";
export type { Recording, RecordOptions } from "./deployment/recording/recording.js";
export { endorse } from "./endorse.js";
export {
  AnnotationError,
  ConflictError,
  FaultlineError,
  type FaultlineErrorCode,
  IndeterminateError,
  isAnnotationError,
  isConflict,
  isIndeterminate,
  isLevelError,
  isUnavailable,
  LevelError,
  UnavailableError,
} from "./errors.js";
export { type Level, levels } from "./levels.js";
export {
  type CacheOptions,
  cache,
  causalBroadcast,
  type GossipOptions,
  gossip,
  isolated,
  type MechanismOptions,
  multiPrimary,
  type OrderedLogOptions,
  orderedLog,
  type PrimaryReplicaOptions,
  primaryReplica,
  type QuorumOptions,
  quorum,
  type RaftOptions,
  raft,
  type TrueTimeOptions,
  trueTime,
} from "./mechanisms/options.js";
export type { SagaStep, SagaSteps } from "./transactions/saga-log.js";
