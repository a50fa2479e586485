import junit from "junit-report-builder";
import { renderRun } from "../../simulate/report.js";
import { reproduceCommand } from "../../simulate/reproduce.js";
import type { FinishedRun } from "../../simulate/run-scenario.js";
import { Style } from "../../simulate/style.js";

/** Its types speak of a default export; what the module gives is the builder itself. */
const builder = junit as unknown as typeof junit.default;

/**
 * Runs as machines that collect test results read them: a suite a file, a case a target. Violated is a failure with the
 * story as its text; what could not be judged is an error, as nobody knows whether it holds. Nobody owns the format; this
 * keeps to the schema by which Jenkins refuses files (xunit-plugin, junit-10.xsd), in which only suites have properties.
 */
export function junitReport(finished: readonly FinishedRun[]): string {
  const report = builder.newBuilder().name("faultline simulate");
  for (const [file, ofFile] of byFile(finished)) {
    const suite = report.testSuite().name(printable(file)).time(secondsOf(ofFile));
    for (const each of ofFile) {
      for (const [name, value] of propertiesOf(each))
        suite.property(printable(`${nameOf(each.run.target)}.${name}`), printable(value));
      addCase(suite.testCase(), file, each);
    }
  }
  // The builder counts what was skipped for the whole too, which the schema does not know: nothing ever is.
  const text = report.build().replace(/(<testsuites\b[^>]*) skipped="0"/, "$1");
  return text.replaceAll(endOfSection, "]]]]><![CDATA[>");
}

/**
 * Stands for `]]>` while the report is built: of several in one text the builder takes care of the first alone, and what
 * a value says would go on as elements. Unicode keeps this character for such use within a program.
 */
const endOfSection = "]]\ufdd0>";

type Case = ReturnType<ReturnType<ReturnType<typeof builder.newBuilder>["testSuite"]>["testCase"]>;

/** By which a schedule is found again. */
function propertiesOf(finished: FinishedRun): readonly (readonly [name: string, value: string])[] {
  const { run } = finished;
  const [first] = run.violations;
  return [
    ["seed", String(first?.seed ?? run.seed)],
    ["schedules", String(run.schedules)],
    ...(first === undefined ? [] : [["reproduce", reproduceCommand(finished, first.seed)] as const]),
  ];
}

function addCase(entry: Case, file: string, each: FinishedRun): void {
  const { run } = each;
  const [first] = run.violations;
  entry
    .className(printable(file))
    .name(printable(nameOf(run.target)))
    .time(secondsOf([each]));
  if (first !== undefined) {
    const names = run.violations.map(
      ({ name, count }) => `${name}: violated in ${count} of ${run.schedules} schedules`,
    );
    entry
      .failure(printable(names.join("; ")), first.kind)
      .stacktrace(printable(renderRun(each, new Style(false), 120)).replaceAll("]]>", endOfSection));
  } else if (run.outcome === "unknown") entry.error(printable(run.reason ?? "unknown"), "unknown");
}

function byFile(finished: readonly FinishedRun[]): ReadonlyMap<string, readonly FinishedRun[]> {
  const files = new Map<string, FinishedRun[]>();
  for (const each of finished) {
    const file = each.run.target.replace(/#[^#]*$/, "");
    files.set(file, [...(files.get(file) ?? []), each]);
  }
  return files;
}

/** Of a file that could not be evaluated there is no other name. */
const nameOf = (target: string): string => target.slice(target.lastIndexOf("#") + 1);

const secondsOf = (finished: readonly FinishedRun[]): number =>
  finished.reduce((sum, { run }) => sum + run.wallMs, 0) / 1000;

/** What a value or a message of the user's may hold and XML has no form for. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufdd0\ufffe\uffff]/gu, "\ufffd");
