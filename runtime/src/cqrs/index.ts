/**
 * Command query responsibility segregation. Which methods change state, which only answer, and what is derived for
 * answering is typed data that rules judge by. The parts that carry it out lie over cells of replicated classes, at the
 * levels that those have.
 */
export { Command } from "./command.js";
export {
  CommandBus,
  type CommandHandler,
  type CommandHandlers,
  type CommandOf,
  type CommandOptions,
  commandBus,
  commandHandler,
  type ResultOf,
} from "./command-bus.js";
export { type Delivery, EventBus, type EventBusOptions, eventBus, type Subscriber } from "./event-bus.js";
export { forgetHandled, type Handled, keepKeysMs } from "./handled.js";
export { Inbox, inbox } from "./inbox.js";
export { type Lag, lagOf } from "./lag.js";
export { type OnceOptions, once } from "./once.js";
export { type EventSource, Outbox, outbox } from "./outbox.js";
export { type Projection, projection } from "./projection.js";
export { Query } from "./query.js";
export {
  type Answered,
  type AnswerOf,
  type Clock,
  QueryBus,
  type QueryHandler,
  type QueryHandlers,
  type QueryOf,
  type QueryOptions,
  queryBus,
  queryHandler,
  type WriteToken,
} from "./query-bus.js";
export { ReadModel, type ReadModelAnnotation } from "./read-model.js";
export {
  type CommandProblem,
  type InputOf,
  InvalidCommandError,
  type Issue,
  type OutputOf,
  type Schema,
} from "./schema.js";
export { type Criteria, emptyTable, getRow, putRow, removeRow, search, type Table } from "./table.js";
export { furthest, View, view } from "./view.js";
