import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const runtime = fileURLToPath(new URL("../../../../runtime/", import.meta.url));

/** A user's project in a folder of its own, with the runtime of this checkout installed in it. */
export interface Project {
  readonly root: string;
  /** Writes a file and answers with its absolute path. */
  write(path: string, text: string): string;
  /** As if the runtime had been installed from a checkout that was never built. */
  unbuild(): void;
  uninstall(): void;
  remove(): void;
}

export async function createProject(): Promise<Project> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "faultline-")));
  const write = (path: string, text: string): string => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  write("package.json", '{ "name": "a-project", "private": true, "type": "module" }');
  write("node_modules/@faultline/runtime/package.json", readFileSync(join(runtime, "package.json"), "utf8"));
  await build({
    entryPoints: [join(runtime, "src/host/main.ts")],
    outfile: join(root, "node_modules/@faultline/runtime/dist/host.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
  const remove = (path: string) => () => rmSync(join(root, path), { recursive: true, force: true });
  return {
    root,
    write,
    unbuild: remove("node_modules/@faultline/runtime/dist"),
    uninstall: remove("node_modules"),
    remove: remove("."),
  };
}

/** A file with one scenario, whose body is given; `before` stands at the top level. */
export function scenarioFile(body: string, before = ""): string {
  return [
    'import { Eventual, Linearizable, Replicated, counter, register } from "@faultline/runtime";',
    'import { partition, scenario } from "@faultline/runtime/simulation";',
    before,
    "@Replicated()",
    "class Page {",
    "  @Eventual() readonly views = counter();",
    "  @Eventual() readonly title = register('none');",
    "  @Linearizable() readonly owner = register('nobody');",
    "  constructor(readonly id: string) {}",
    "}",
    'export const main = scenario("a scenario", { regions: ["nyc", "london", "tokyo"] }, async ({ session, sleep, check, converged }) => {',
    '  const page = session("nyc").open(Page, "home");',
    "  await page.views.increment();",
    body,
    "});",
  ].join("\n");
}
