import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import type { TimeLimit } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** Writes another number; not where a constant stands, which others may use. */
export function setTimeLimit(view: View, limit: TimeLimit, ms: number, title: string): Fix | undefined {
  const value = limit.value && nodeOf(limit.value);
  if (value === undefined || !ts.isNumericLiteral(value)) return undefined;
  const edits = new Edits(view.sources.x);
  edits.replace(value, ms < 10_000 ? String(ms) : String(ms).replace(/(?=(\d{3})+$)(?!^)/g, "_"));
  return edits.toFix(title, "suggested");
}
