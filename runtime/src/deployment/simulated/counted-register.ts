import { counterType } from "../../data/counter.js";
import type { DataType } from "../../data/data-type.js";

const kept: ReadonlySet<string> = new Set(["read", "update"]);

/**
 * A counter behind the methods of a register: the program in which each `update(fn)` stands as `read()`, and then
 * `increment(fn(read) − read)`. Of numbers that is a program whatever `fn` does; for anything else that a register can do,
 * a counter has nothing that comes to the same.
 */
export function countedRegister(
  { type, initial }: { readonly type: DataType; readonly initial: unknown },
  onMisfit: () => void,
): DataType {
  if (type.name !== "register" || !Number.isFinite(initial)) {
    onMisfit();
    return type;
  }
  return {
    ...(counterType as DataType),
    changed(before, after) {
      const by = (after as number) - (before as number);
      if (typeof after !== "number" || !Number.isFinite(by)) onMisfit();
      return { name: "increment", args: [Number.isFinite(by) ? by : 0] };
    },
    lacks(operation) {
      if (kept.has(operation)) return undefined;
      onMisfit();
      return { problem: `runs as a counter, which has no \`${operation}\``, help: "Rewrite the call." };
    },
  };
}
