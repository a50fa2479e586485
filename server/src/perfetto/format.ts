import * as z from "zod";

/**
 * The JSON of chrome://tracing and ui.perfetto.dev, as far as schedules need it, after "Trace Event Format" (Nat Duca and
 * Dan Sinclair, https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). Times are microseconds.
 */
const place = { pid: z.int().min(1), tid: z.int().min(1) };
const microseconds = z.int().min(0);
const args = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));
const described = { name: z.string().min(1), cat: z.string().min(1), ts: microseconds };

const metadata = z.strictObject({
  ph: z.literal("M"),
  name: z.enum(["process_name", "process_sort_index", "thread_name", "thread_sort_index"]),
  pid: place.pid,
  tid: place.tid.optional(),
  args: z.union([z.strictObject({ name: z.string() }), z.strictObject({ sort_index: z.int() })]),
});

/** A complete slice. Those of one thread lie side by side or within each other. */
const slice = z.strictObject({ ph: z.literal("X"), ...described, dur: microseconds, ...place, args: args.optional() });

/** Ends of a slice that needs no thread of its own: one `b` and one `e` of the same category and id. */
const asynchronous = z.strictObject({
  ph: z.enum(["b", "e"]),
  ...described,
  ...place,
  id: z.int(),
  args: args.optional(),
});

/** Ends of an arrow between the slices around them: `s` and `f` of the same name, category and id. */
const flow = z.strictObject({ ph: z.enum(["s", "f"]), ...described, ...place, id: z.int(), bp: z.literal("e") });

const instant = z.strictObject({
  ph: z.literal("i"),
  ...described,
  ...place,
  /** Drawn over everything, its process, or its thread. */
  s: z.enum(["g", "p", "t"]),
  args: args.optional(),
});

const counter = z.strictObject({
  ph: z.literal("C"),
  ...described,
  pid: place.pid,
  args: z.record(z.string(), z.number()),
});

export const perfettoSchema = z.strictObject({
  displayTimeUnit: z.literal("ms"),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(z.discriminatedUnion("ph", [metadata, slice, asynchronous, flow, instant, counter])),
});

export type PerfettoDocument = z.infer<typeof perfettoSchema>;
export type PerfettoEvent = PerfettoDocument["traceEvents"][number];
export type PerfettoArgs = z.infer<typeof args>;

export type Timed = Exclude<PerfettoEvent, { ph: "M" }>;
export type SliceEvent = Extract<PerfettoEvent, { ph: "X" }>;
export type FlowEvent = Extract<PerfettoEvent, { ph: "s" | "f" }>;
