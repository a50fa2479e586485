// Builds the space-time diagram into one file, beside the bundle that puts it into pages.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, transform } from "esbuild";
import { root } from "./run.js";

const diagram = join(root, "server/src/diagram");

/** Browsers of the last years: what the page uses beyond the language is older. */
const target = ["chrome110", "firefox115", "safari16.4"];

export async function buildDiagram(file: string): Promise<void> {
  const style = await transform(readFileSync(join(diagram, "style.css"), "utf8"), {
    loader: "css",
    minify: true,
    target,
  });
  const { outputFiles } = await build({
    entryPoints: [join(diagram, "main.ts")],
    bundle: true,
    platform: "browser",
    format: "iife",
    target,
    minify: true,
    legalComments: "none",
    define: { styleText: JSON.stringify(style.code) },
    write: false,
    logLevel: "warning",
  });
  const [script] = outputFiles;
  // It is put into pages, where this would end its element.
  const text = (script?.text ?? "").replaceAll("</script", "<\\/script");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
