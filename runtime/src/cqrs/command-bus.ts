import type { ReplicatedMap } from "../cells/replicated-map.js";
import { AnnotationError, ConflictError } from "../errors.js";
import { type Handled, keepKeysMs, refuseNoTime } from "./handled.js";
import { inTransaction } from "./in-transaction.js";
import { once } from "./once.js";
import { type InputOf, InvalidCommandError, type OutputOf, parseCommand, type Schema } from "./schema.js";

/** What one type of command needs and does. */
export interface CommandHandler<S extends Schema<unknown>, Result> {
  readonly schema: S;
  /** The version that the write model is at, which `expectedVersion` is compared with. */
  readonly version?: (command: OutputOf<S>) => Promise<number>;
  /**
   * Decides and writes, cells only: it is one transaction, which runs again when another one comes in between. Throws to
   * refuse. The command and what this returns are kept as long as the idempotency key, so keep both small.
   */
  readonly handle: (command: OutputOf<S>) => Promise<Result>;
}

/** A handler as it is given, typed by its schema. */
export function commandHandler<S extends Schema<unknown>, Result>(
  definition: CommandHandler<S, Result>,
): CommandHandler<S, Result> {
  return definition;
}

/** By type of command. */
export type CommandHandlers = Readonly<Record<string, AnyHandler>>;

interface AnyHandler {
  readonly schema: Schema<unknown>;
  readonly version?: (command: never) => Promise<number>;
  readonly handle: (command: never) => Promise<unknown>;
}

/** What a bus with these handlers takes: the type, and what the schema of that type takes. */
export type CommandOf<Handlers extends CommandHandlers> = {
  [Type in keyof Handlers & string]: { readonly type: Type } & Fields<InputOf<Handlers[Type]["schema"]>>;
}[keyof Handlers & string];

/** Of a schema without fields, zod says that whatever is there is wrong, `type` too. */
type Fields<Input> = Input extends Readonly<Record<string, never>> ? unknown : Input;

export type ResultOf<Handlers extends CommandHandlers, Type> = Type extends keyof Handlers
  ? Awaited<ReturnType<Handlers[Type]["handle"]>>
  : never;

export interface CommandOptions {
  /** The client's name for this one wish, the same in every attempt at it: a random id made when the button is drawn. */
  readonly idempotencyKey?: string;
  /** The version that whoever asks has decided by. */
  readonly expectedVersion?: number;
}

/**
 * Takes commands to their handlers:
 *
 * ```ts
 * readonly handled = map<string, Handled>();
 * readonly commands = commandBus({
 *   handled: this.handled,
 *   handlers: { Rename: commandHandler({ schema: z.object({ name: z.string() }), handle: ({ name }) => this.name.write(name) }) },
 * });
 * ```
 *
 * The level of `handled` is what idempotency keys are worth: from sequential up a command under one key is done once.
 * The write model has to be at the same level, as a transaction spans no two.
 */
export function commandBus<const Handlers extends CommandHandlers>(options: {
  readonly handled: ReplicatedMap<string, Handled>;
  readonly handlers: Handlers;
  /**
   * How long an idempotency key stands at least, in milliseconds: `keepKeysMs`, a day, unless told, `Infinity` for good. It
   * is gone a twenty-fourth of that later, with the next command that has a key.
   */
  readonly keepMs?: number;
}): CommandBus<Handlers> {
  return new CommandBus(options.handled, options.handlers, options.keepMs);
}

/** Made by `commandBus`. */
export class CommandBus<Handlers extends CommandHandlers> {
  readonly #handled: ReplicatedMap<string, Handled>;
  readonly #handlers: Handlers;
  readonly #keepMs: number;

  constructor(handled: ReplicatedMap<string, Handled>, handlers: Handlers, keepMs = keepKeysMs) {
    refuseNoTime(keepMs);
    this.#handled = handled;
    this.#handlers = handlers;
    this.#keepMs = keepMs;
  }

  /**
   * Checks the command, then handles it as one transaction. Under a key that was handled it gives the first result.
   * Throws what the handler throws, and what its cells throw.
   *
   * @throws InvalidCommandError with all that is wrong with the command. Nothing was done.
   * @throws ConflictError where the write model is at another version than expected. It did not happen.
   * @throws IndeterminateError where no answer came: send it again under the same key.
   */
  async execute<Command extends CommandOf<Handlers>>(
    command: Command,
    { idempotencyKey, expectedVersion }: CommandOptions = {},
  ): Promise<ResultOf<Handlers, Command["type"]>> {
    const { type, ...data } = command;
    const handler = this.#handlerOf(type);
    const parsed = parseCommand(handler.schema, type, data) as never;
    if (idempotencyKey === "") {
      throw new InvalidCommandError(type, [
        { path: "idempotencyKey", message: "is empty, and would fit every command" },
      ]);
    }
    const work = async (): Promise<unknown> => {
      if (expectedVersion !== undefined) await refuseOtherVersion(type, handler, parsed, expectedVersion);
      return handler.handle(parsed);
    };
    const result =
      idempotencyKey === undefined
        ? inTransaction(this.#handled, type, work)
        : once(this.#handled, idempotencyKey, work, {
            ...{ name: type, request: { ...data, type } },
            keepMs: this.#keepMs,
          });
    return (await result) as ResultOf<Handlers, Command["type"]>;
  }

  /** Types are checked where the command was typed in; this one may come over the network. */
  #handlerOf(type: string): AnyHandler {
    if (Object.hasOwn(this.#handlers, type)) return this.#handlers[type] as AnyHandler;
    const accepted = Object.keys(this.#handlers).join(", ");
    throw new InvalidCommandError(String(type), [{ path: "type", message: `is not known. Accepted: ${accepted}` }]);
  }
}

async function refuseOtherVersion(type: string, handler: AnyHandler, command: never, expected: number): Promise<void> {
  if (handler.version === undefined) {
    throw new AnnotationError(`\`${type}\` was given \`expectedVersion\`, and its handler cannot tell its version.`, {
      help: "Add `version` to the handler, or leave the option out.",
    });
  }
  const version = await handler.version(command);
  if (version === expected) return;
  throw new ConflictError(`\`${type}\` expects version ${expected}, and version ${version} is there.`, {
    help: "It did not happen: read again, decide again, and expect the version that was read.",
  });
}
