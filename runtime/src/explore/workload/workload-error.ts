/** Nothing can be generated, so nothing was run: says of what, why, and what to write. */
export class WorkloadError extends Error {
  override readonly name = "WorkloadError";
}
