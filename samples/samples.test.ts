import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const ids = readdirSync(folder).filter((id) => existsSync(join(folder, id, `${id}.ts`)));
const options = { schedules: 200, seed: 1 };

interface Run {
  readonly target: string;
  readonly schedules: number;
  readonly vacuous: number;
  readonly outcome: string;
  readonly violations: readonly {
    readonly kind: string;
    readonly name: string;
    readonly anomaly: string | null;
    readonly seed: number;
    readonly count: number;
  }[];
  readonly figures?: readonly {
    readonly name: string;
    readonly unit: string;
    readonly median: number;
    readonly p99: number;
    readonly claim: string | null;
  }[];
}

interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly range: { readonly start: { readonly line: number } };
}

describe("the samples", () => {
  it("have findings where their markers say, and nowhere else", { timeout: 120_000 }, async () => {
    const files = ids.flatMap(filesOf);
    const { findings } = await faultline<{ findings: readonly Finding[] }>(["check", ...files, "--format", "json"]);
    const found = findings.map(({ rule, file, range }) => `${file}:${range.start.line} ${rule}`);
    expect(found.sort()).toEqual(files.flatMap(markersOf).sort());
  });

  it("have classes of which each can be explored without a scenario", { timeout: 240_000 }, async () => {
    const classes = ids
      .flatMap(filesOf)
      .flatMap((file) => [...textOf(file).matchAll(replicatedClass)].map(([, name]) => `${file}#${name}`));
    const { runs } = await simulate(classes, { schedules: 20, seed: 1 });
    expect(runs.map(({ target }) => target)).toEqual(classes);
    for (const run of runs) expect(["holds", "violated"]).toContain(run.outcome);
  });
});

describe.each(ids)("sample %s", (id) => {
  it("breaks, holds and measures as its expected.json says", async () => {
    const { runs } = await simulate([fileOf(id)], options);

    // What no `--update` may change: what is cured or only measures holds, the others do not, and every schedule is judged.
    expect(runs.length).toBeGreaterThan(1);
    for (const run of runs) {
      expect(run).toMatchObject({
        ...options,
        outcome: /(Fixed|Measured)$/.test(run.target) ? "holds" : "violated",
        vacuous: 0,
      });
    }

    const summary = runs.map(({ target, outcome, violations, figures }) => ({
      target,
      outcome,
      violations: violations.map(({ kind, name, anomaly, seed, count }) => ({ kind, name, anomaly, seed, count })),
      figures: figures?.map(({ name, unit, median, p99, claim }) => ({ name, unit, median, p99, claim })),
    }));
    const expected = `${JSON.stringify({ ...options, runs: summary }, undefined, 2)}\n`;
    await expect(expected).toMatchFileSnapshot(join(folder, id, "expected.json"));
  }, 120_000);
});

/** The main one, which is simulated, and those beside it that it is made of. */
function filesOf(id: string): readonly string[] {
  const names = readdirSync(join(folder, id)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  return names.map((name) => `samples/${id}/${name}`);
}

const replicatedClass = /^@Replicated\(\)\n(?:@.*\n)*export class (\w+)/gm;

/** A marker that has a line to itself, where there is no room beside the code, speaks of the next one. */
function markersOf(file: string): readonly string[] {
  return textOf(file)
    .split("\n")
    .flatMap((text, index) => {
      const marker = /^(.*)\/\/ finding: (\S+)/.exec(text);
      return marker === null ? [] : [`${file}:${index + (marker[1]?.trim() === "" ? 2 : 1)} ${marker[2]}`];
    });
}

const fileOf = (id: string): string => `samples/${id}/${id}.ts`;
const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** As they are found: how small they get is held elsewhere. */
function simulate(targets: readonly string[], { schedules, seed }: typeof options) {
  const parameters = ["--no-shrink", "--schedules", String(schedules), "--seed", String(seed), "--format", "json"];
  return faultline<{ readonly runs: readonly Run[] }>(["simulate", ...targets, ...parameters]);
}

/** Runs the built command line; findings and violations are results here, whatever the exit code. */
async function faultline<Document>(parameters: readonly string[]): Promise<Document> {
  const command = [join(root, "server/bin/faultline.mjs"), ...parameters];
  const { stdout, stderr, code } = await promisify(execFile)(process.execPath, command, {
    cwd: root,
    maxBuffer: 1 << 26,
  }).then(
    (finished) => ({ ...finished, code: 0 }),
    (failure: { stdout: string; stderr: string; code: number }) => failure,
  );
  if (code > 1) throw new Error(`faultline ${parameters.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as Document;
}
