/**
 * The request cannot be carried out as it was made: a missing path, a file that does not parse or has no target, a
 * runtime that does not fit, a wrong option. The command line ends with exit code 2.
 */
export class UnusableInputError extends Error {
  override readonly name = "UnusableInputError";

  /** `what` is wrong, `where` (file, line, column, the code), and what to do: a sentence each, or a few. */
  constructor(
    readonly what: string,
    readonly help: string,
    readonly where: string | undefined = undefined,
  ) {
    super([what, where, help].filter((part) => part !== undefined).join("\n\n"));
  }
}
