// How smoothly the diagram moves: frames a second while it is dragged along time, in a headless Chromium without a GPU.
import type { CDPSession, Page } from "playwright-core";
import { DiagramBrowser } from "../diagram/browser.js";
import { longGallery } from "../diagram/long-schedule.js";

const sizes = [500, 5_000, 100_000];
const drags = 120;

/** Text, since it runs in the page, of which neither this file's types nor what compiles it know anything. */
const dragProgram = `async (moves) => {
  const canvas = document.querySelector("canvas");
  const { left, top, width } = canvas.getBoundingClientRect();
  const pointer = (type, x) =>
    new MouseEvent(type, { clientX: left + x, clientY: top + 120, button: 0, bubbles: true, view: window });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  canvas.dispatchEvent(pointer("mousedown", width / 2));
  const times = [await frame()];
  for (let move = 1; move <= moves; move++) {
    // To and fro, so that there is always something to move to.
    window.dispatchEvent(pointer("mousemove", width / 2 + 200 * Math.sin(move / 12)));
    times.push(await frame());
  }
  window.dispatchEvent(pointer("mouseup", width / 2));
  return times.slice(1).map((time, index) => time - times[index]);
}`;

await using browser = await DiagramBrowser.start();
const rows: Record<string, Measured> = {};
for (const size of sizes) {
  const started = performance.now();
  const { page } = await browser.open(longGallery(size));
  await page.getByRole("checkbox", { name: "Only the cause" }).uncheck();
  await frames(page, 2);
  const openMs = performance.now() - started;
  rows[`${size} events, all in sight`] = { "open, ms": Math.round(openMs), ...(await drag(page)) };
  for (let step = 0; step < 8; step++) await page.keyboard.press("+");
  await frames(page, 2);
  rows[`${size} events, near`] = { "open, ms": Math.round(openMs), ...(await drag(page)) };
  await page.context().close();
}
console.log(`\nThe diagram while it is dragged: ${drags} moves of the pointer, one a frame`);
console.table(rows);

interface Measured {
  readonly "open, ms": number;
  /** Of the page's thread: does not depend on what else the machine does. */
  readonly "processor a frame, ms": number;
  readonly "frames/s": number;
  readonly "median, ms": number;
  readonly "95 %, ms": number;
  readonly "longest, ms": number;
}

/** The page moves the pointer itself, once a frame: what is measured is painting, and not the way from here to there. */
async function drag(page: Page): Promise<Omit<Measured, "open, ms">> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await processorMs(session);
  const gaps = await page.evaluate<number[]>(`(${dragProgram})(${drags})`);
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return {
    "processor a frame, ms": Number((((await processorMs(session)) - before) / drags).toFixed(1)),
    "frames/s": Math.round((1_000 * gaps.length) / total),
    "median, ms": Number(at(0.5).toFixed(1)),
    "95 %, ms": Number(at(0.95).toFixed(1)),
    "longest, ms": Number(at(1).toFixed(1)),
  };
}

/** What the page's main thread has had of a processor since the session began to count. */
async function processorMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

async function frames(page: Page, count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++)
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(resolve))");
}
