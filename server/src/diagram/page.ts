import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Gallery } from "./input.js";

/** The built asset: beside the bundle, or in the package's `dist` as seen from the sources. */
const places = ["./diagram/diagram.js", "../../dist/diagram/diagram.js"];

/**
 * One file that shows the gallery: it needs no server, loads nothing, and its policy says so. The data lies in it as
 * JSON, which no browser runs.
 */
export function galleryPage(gallery: Gallery): string {
  const script = assetText();
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const [first] = gallery.pictures;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(first?.title ?? "Nothing was run")} · Faultline</title>`,
    "</head>",
    "<body>",
    "<main>",
    "<noscript>This page draws its diagram with JavaScript, which is switched off here.</noscript>",
    "</main>",
    `<script type="application/json" id="faultline-data">${json(gallery)}</script>`,
    `<script>${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function assetText(): string {
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const file = files.find((each) => existsSync(each));
  if (file === undefined) throw new Error(`The diagram is not built: there is no ${files[0]}.`);
  return readFileSync(file, "utf8");
}

/** Whatever a value says, it cannot end the element that it is in. */
function json(gallery: Gallery): string {
  return JSON.stringify(gallery)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
