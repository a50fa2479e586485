import { resolve } from "node:path";
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver/node";
import type { Range } from "../documents/finding.js";
import type { SimulateRun, SimulateViolation } from "../simulate/simulate.js";
import { related } from "./diagnostics.js";
import { toProtocolRange } from "./positions.js";
import type { Session } from "./session.js";
import { type PlacedRun, type PlacedViolation, scenarioKey } from "./simulation-findings.js";

/** A run's violations as diagnostics. A violation without a line of its own stands at the scenario's name. */
export function place(run: SimulateRun, cwd: string, session: Session): PlacedRun {
  const separator = run.target.lastIndexOf("#");
  const file = resolve(cwd, run.target.slice(0, separator));
  const scenario = run.target.slice(separator + 1);
  const targets = session.workspace.analysisOf(file).targets(file);
  const home = targets.find(({ name }) => name === scenario)?.range ?? firstLine;
  const placed = run.violations.map((violation) =>
    placeViolation(violation, run, { file, range: home, scenario }, cwd, session),
  );
  return { key: scenarioKey(file, scenario), placed };
}

const firstLine: Range = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };

function placeViolation(
  violation: SimulateViolation,
  run: SimulateRun,
  home: { readonly file: string; readonly range: Range; readonly scenario: string },
  cwd: string,
  session: Session,
): PlacedViolation {
  const absolute = <T extends { readonly file: string }>(place: T): T => ({ ...place, file: resolve(cwd, place.file) });
  const location = violation.location === null ? home : absolute(violation.location);
  const locations = violation.related.map(absolute);
  const diagnostic: Diagnostic = {
    range: toProtocolRange(location.range),
    severity: DiagnosticSeverity.Error,
    source: "faultline simulation",
    code: violation.anomaly ?? violation.kind,
    message: describe(violation, run),
    ...related(locations, session),
  };
  const spans = [location, ...locations].map(({ file, range }) => ({ file, range: toProtocolRange(range) }));
  const schedule = { uri: session.documents.uri(home.file), name: home.scenario, seed: violation.seed };
  return { file: location.file, diagnostic, schedule, spans };
}

function describe(violation: SimulateViolation, run: SimulateRun): string {
  const count = (value: number) => value.toLocaleString("en-US");
  const share = `violated in ${count(violation.count)} of ${count(run.schedules)} schedules (seed ${violation.seed})`;
  const values = [
    ...(violation.expected === null ? [] : [`expected ${violation.expected}`]),
    ...(violation.observed === null ? [] : [`observed ${violation.observed}`]),
  ];
  return [`${violation.name}: ${share}.`, violation.message, values.join(", ")]
    .filter((part) => part !== "")
    .join("\n");
}
