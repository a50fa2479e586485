// `faultline check` beside typescript-eslint with one rule that asks for types, each as a process over the same generated
// project. The peer needs TypeScript 6, which this workspace does not have: it is installed into the project's own folder.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GeneratedProject } from "./generated-project.js";
import { measuredProcess, type Sample } from "./processes.js";
import { median, printTable, type Row } from "./table.js";

const faultline = fileURLToPath(new URL("../../server/bin/faultline.mjs", import.meta.url));
const runtime = fileURLToPath(new URL("../../runtime", import.meta.url));
const runs = 3;

const configuration = `import tseslint from "typescript-eslint";
export default [
  {
    files: ["src/**/*.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: { "@typescript-eslint/no-floating-promises": "error" },
  },
];
`;

using project = new GeneratedProject();
const { folder } = project;
writeFileSync(join(folder, "package.json"), '{ "name": "generated", "private": true, "type": "module" }\n');
if (install("eslint@10", "typescript-eslint@8", "typescript@6.0")) compare();

function compare(): void {
  writeFileSync(join(folder, "eslint.config.mjs"), configuration);
  mkdirSync(join(folder, "node_modules/@faultline"), { recursive: true });
  symlinkSync(runtime, join(folder, "node_modules/@faultline/runtime"), "dir");
  const eslint = join(folder, "node_modules/eslint/bin/eslint.js");
  const ours: Sample[] = [];
  const theirs: Sample[] = [];
  // In turns, so that what else the machine does meets both.
  for (let run = 0; run < runs; run++) {
    rmSync(join(folder, "node_modules/.cache"), { recursive: true, force: true });
    ours.push(measuredProcess(folder, faultline, ["check"]));
    theirs.push(measuredProcess(folder, eslint, ["src"]));
  }
  const failed = theirs.find(({ status }) => status !== 0 && status !== 1);
  if (failed !== undefined) throw new Error(`typescript-eslint did not run:\n${failed.output}`);
  const files = Object.keys(project.files).length;
  printTable(`A process over ${files} files with nothing kept: wall time`, rows(ours, theirs, "wallMs"));
  printTable("The same: time on the processor, of all threads", rows(ours, theirs, "processorMs"));
  const ratio = median(theirs.map(({ wallMs }) => wallMs)) / median(ours.map(({ wallMs }) => wallMs));
  console.log(`\`faultline check\` with all rules is ${ratio.toFixed(1)} times as fast as one typed rule of the peer.`);
}

function install(...packages: readonly string[]): boolean {
  const words = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", ...packages];
  const { status, stderr } = spawnSync("npm", words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) console.log(`The peer cannot be installed, so there is nothing to compare with.\n${stderr}`);
  return status === 0;
}

function rows(ours: readonly Sample[], theirs: readonly Sample[], of: "wallMs" | "processorMs"): readonly Row[] {
  const values = (samples: readonly Sample[]): readonly number[] => samples.map((sample) => sample[of]);
  return [
    { what: "faultline check, all rules", values: values(ours), unit: "ms" },
    { what: "typescript-eslint, no-floating-promises", values: values(theirs), unit: "ms" },
  ];
}
