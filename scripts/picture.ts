// npm run picture: docs/images/simulate.svg, the real output of `faultline simulate` on the bank sample, and
// docs/images/diagram.png, a page with the diagram in a real browser.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Anser from "anser";
import stringWidth from "string-width";
import { build } from "./incremental-build.js";
import { captureNode, root, runScript } from "./run.js";

const parameters = ["simulate", "samples/bank-transfer/bank-transfer.ts#splitBank"];
const cell = { width: 8.4, height: 20, margin: 20 };

// Readable on both of GitHub's backgrounds, because the picture brings its own.
const colours: Readonly<Record<string, string>> = {
  "ansi-red": "#f85149",
  "ansi-green": "#3fb950",
  "ansi-yellow": "#d29922",
  "ansi-blue": "#58a6ff",
  "ansi-magenta": "#bc8cff",
  "ansi-cyan": "#39c5cf",
  "ansi-bright-black": "#8b949e",
};

await build();
const environment: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: "1" };
delete environment["NO_COLOR"];
const { output, status } = await captureNode("server/bin/faultline.mjs", parameters, { env: environment });
if (status !== 1)
  throw new Error(`The bad sample has to be violated (exit code 1), not to end with ${status}:\n${output}`);
const lines = [`$ npx faultline ${parameters.join(" ")}`, "", ...output.trimEnd().split("\n")];
writeFileSync(join(root, "docs/images/simulate.svg"), picture(lines));
const page = ["--sample", "shopping-cart", "--file", join(root, "docs/images/diagram.png")];
process.exitCode = (await runScript("test/diagram/picture.ts", page)).status;

function picture(rows: readonly string[]): string {
  const drawn = rows.map((row, index) => line(row, cell.margin + (index + 0.75) * cell.height));
  const columns = Math.max(...rows.map((row) => stringWidth(row)));
  const width = Math.ceil(columns * cell.width + 2 * cell.margin);
  const height = rows.length * cell.height + 2 * cell.margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>Output of faultline ${parameters.join(" ")}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">`,
    ...drawn,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Every run of one style stands at its own column, so that a wider glyph of some font cannot push the rest aside. */
function line(row: string, y: number): string {
  let column = 0;
  const spans = Anser.ansiToJson(row, { use_classes: true, remove_empty: true }).map(({ content, fg, decorations }) => {
    const x = (cell.margin + column * cell.width).toFixed(1);
    const width = (stringWidth(content) * cell.width).toFixed(1);
    column += stringWidth(content);
    const style = [
      fg && colours[fg] ? ` fill="${colours[fg]}"` : "",
      decorations.includes("bold") ? ` font-weight="bold"` : "",
      decorations.includes("dim") ? ` opacity="0.65"` : "",
    ].join("");
    return `<tspan x="${x}" textLength="${width}"${style}>${escaped(content)}</tspan>`;
  });
  return `<text y="${y}">${spans.join("")}</text>`;
}

/** Spaces that no renderer joins or drops; `xml:space` is not honoured everywhere. */
function escaped(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
