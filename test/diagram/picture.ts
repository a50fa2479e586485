// The documentation's picture of the page: `npm run picture`.
import { parseArgs } from "node:util";
import { DiagramBrowser } from "./browser.js";
import { sampleGallery } from "./samples.js";

const { values } = parseArgs({
  options: { sample: { type: "string" }, file: { type: "string" }, theme: { type: "string" } },
});
if (values.sample === undefined || values.file === undefined) throw new Error("Give --sample <id> and --file <png>.");
await using browser = await DiagramBrowser.start();
const { pictures, ...gallery } = await sampleGallery(values.sample);
const { page } = await browser.open(
  { ...gallery, pictures: pictures.slice(0, 1) },
  { viewport: { width: 1200, height: 720 } },
);
if (values.theme !== undefined) await page.getByLabel("Theme").selectOption(values.theme);
await page.mouse.move(0, 0);
// One frame paints, the next one shows it.
await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
// Where nothing is known to help there is no advice, and the slider comes last.
const last = page.locator(".fl-advice, input[type=range]").last();
const below = await last.boundingBox();
const height = Math.ceil((below?.y ?? 700) + (below?.height ?? 0));
await page.screenshot({ path: values.file, fullPage: true, clip: { x: 0, y: 0, width: 1200, height } });
