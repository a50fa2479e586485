/** What checks a command before its handler sees it: a schema of zod, or anything else that has its `safeParse`. */
export interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Output }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type OutputOf<S extends Schema<unknown>> = S extends Schema<infer Output> ? Output : never;

/** What may be given, where the schema says that it differs: defaults may be left out. (Standard Schema, types.) */
export type InputOf<S extends Schema<unknown>> = S extends {
  readonly "~standard": { readonly types?: { readonly input: infer Input } | undefined };
}
  ? Input
  : OutputOf<S>;

/** What is wrong with one part of a command. */
export interface CommandProblem {
  /** `address.street`, `items[2]`; empty for the command as a whole. */
  readonly path: string;
  readonly message: string;
}

/** The command is not one that can be handled, and nothing was done. It says all that is wrong, not the first of it. */
export class InvalidCommandError extends Error {
  readonly code = "FAULTLINE_INVALID_COMMAND";
  override readonly name = "InvalidCommandError";

  constructor(
    readonly command: string,
    readonly problems: readonly CommandProblem[],
  ) {
    const told = problems.map(({ path, message }) => (path === "" ? message : `\`${path}\`: ${message}`));
    super(`\`${command}\` was not handled. ${told.map(asSentence).join(" ")}`);
  }
}

/** The data of a command as its schema has it. Throws `InvalidCommandError`. */
export function parseCommand<Output>(schema: Schema<Output>, type: string, data: unknown): Output {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: pathOf(path), message }));
  throw new InvalidCommandError(type, problems);
}

const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`))
    .join("");
}
