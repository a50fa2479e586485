import type { VerdictEvent } from "../simulation/trace.js";
import type { IsUserFile } from "./site.js";
import { errorFinding, type Finding } from "./violation.js";

/** What one schedule violates, as it is noticed. */
export class Findings {
  readonly all: Finding[] = [];

  constructor(
    private readonly isUserFile: IsUserFile,
    /** Of what a predicate has found; for the trace. */
    private readonly onVerdict: (verdict: Pick<VerdictEvent, "name" | "region" | "text" | "settled">) => void,
  ) {}

  /** The same once a schedule: a `converged` predicate fails in every region. */
  add(found: Finding): void {
    const { kind, name, region, observed, expected, settled } = found;
    if (this.all.some((other) => other.kind === kind && other.name === name)) return;
    this.all.push(found);
    if (kind !== "invariant") return;
    const text = observed === undefined ? "does not hold" : `expected ${expected}, observed ${observed}`;
    this.onVerdict({ name, region, text, settled });
  }

  /** `what` says in words what failed with it. */
  addError(error: unknown, what: string): void {
    this.add(errorFinding(error, what, this.isUserFile));
  }

  /** Without messages, as those of the engine differ from version to version. */
  get text(): string {
    const shown = this.all.map(({ name, observed, reads }) => [name, observed, ...reads.map(({ value }) => value)]);
    return shown.join("|");
  }
}
