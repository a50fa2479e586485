/** What cells are asked to do; with `stream.` what an event stream does to the log that it lies over. */
export const operationNames: ReadonlySet<string> = new Set([
  "read",
  "write",
  "update",
  "compareAndSet",
  "siblings",
  "increment",
  "decrement",
  "has",
  "add",
  "delete",
  "values",
  "size",
  "get",
  "put",
  "entries",
  "append",
  "stream.read",
  "stream.state",
  "stream.stateAt",
  "stream.around",
  "stream.append",
  "stream.execute",
]);

const reads: ReadonlySet<string> = new Set([
  "read",
  "siblings",
  "has",
  "values",
  "size",
  "get",
  "entries",
  "stream.read",
  "stream.state",
  "stream.stateAt",
  "stream.around",
]);

/** An update reads and writes as one, as does whatever expects a version; everything that is neither is a write. */
export function accessOf(operation: string): "read" | "write" | "update" {
  if (reads.has(operation)) return "read";
  if (operation.startsWith("stream.")) return "update";
  return operation === "update" || operation === "compareAndSet" ? "update" : "write";
}
