import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { renderMarkdown, takeAudit } from "./index.js";

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "faultline-")));
  writeFileSync(join(root, "a.ts"), 'import Redis from "ioredis";\nexport const get = () => new Redis().get("a|b");\n');
  writeFileSync(join(root, "b.ts"), "export const nothing = 0;\n");
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

it("says how much was left where it is ended early, and not that there is nothing", async () => {
  const { document } = await takeAudit({ root, signal: AbortSignal.abort() });
  expect([document.files, document.unseenFiles]).toEqual([0, 2]);
  expect(renderMarkdown(document)).toContain("Nothing was found in 0 files; it was interrupted, with 2 files to go.");
});

it("looks at what the editor has open in place of what the disk has", async () => {
  const { document } = await takeAudit({ root, buffers: new Map([[join(root, "a.ts"), "export const a = 1;\n"]]) });
  expect([document.stores, document.unseenFiles]).toEqual([[], 0]);
});

it("keeps names that would end a cell of a table inside it", async () => {
  const { document } = await takeAudit({ root });
  expect(renderMarkdown(document)).toContain("| `a\\|b` | key | [a.ts:2](a.ts#L2) |");
});
