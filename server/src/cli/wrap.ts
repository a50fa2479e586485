import { wrap as wrapAsItStands } from "../simulate/wrap.js";

/** The same for prose, in which line ends and runs of spaces mean nothing. */
export function wrap(text: string, width: number): readonly string[] {
  return wrapAsItStands(text.replace(/\s+/g, " "), width);
}
