export { type PerfettoDocument, perfettoSchema } from "./format.js";
export { perfettoTrace } from "./perfetto-trace.js";
export type { PerfettoSubject, PerfettoViolation } from "./subject.js";
