/**
 * Who may import whom, as data; ARCHITECTURE.md has it in words. A file belongs to the first layer whose `files` match, so
 * exceptions stand above the folders that they are in. A layer sees itself, `everyone`, and what `imports` names.
 */
export interface Layer {
  readonly name: string;
  readonly files: RegExp;
  readonly imports: readonly string[];
  /** Names of layers of which only types may be imported: shapes are shared, code is not. */
  readonly types?: readonly string[];
  /** Captures the unit that a file belongs to, where the units of one layer must not know one another. */
  readonly unit?: RegExp;
}

const runtime: readonly Layer[] = [
  { name: "levels", files: /^runtime\/src\/levels\.ts$/, imports: [] },
  { name: "errors", files: /^runtime\/src\/errors\.ts$/, imports: ["levels"] },
  { name: "endorse", files: /^runtime\/src\/endorse\.ts$/, imports: ["levels", "errors"] },
  { name: "validation", files: /^runtime\/src\/validation\//, imports: ["levels", "errors"] },
  { name: "copies", files: /^runtime\/src\/copies\.ts$/, imports: ["errors"] },
  { name: "data", files: /^runtime\/src\/data\//, imports: ["levels", "errors"] },
  // What a mechanism promises in which configuration: data, by which the simulator judges and messages are worded.
  {
    name: "mechanism claims",
    files: /^runtime\/src\/mechanisms\/(claims|claims-by-mechanism|defaults|atomic-quorum|[^/]+\/claims)\.ts$/,
    imports: ["levels"],
    types: ["mechanism options"],
  },
  {
    name: "mechanism options",
    files: /^runtime\/src\/mechanisms\/(options|cached-origin)\.ts$/,
    imports: ["levels", "errors", "validation", "mechanism claims"],
  },
  // What kind of data something is: data and pure functions, by which rules judge as well.
  { name: "classification", files: /^runtime\/src\/advice\/classification\//, imports: ["levels"] },
  // How advice writes numbers.
  { name: "figures", files: /^runtime\/src\/advice\/figures\.ts$/, imports: [] },
  // What operations cost by level: prices as data.
  { name: "cost", files: /^runtime\/src\/advice\/cost\//, imports: ["levels", "figures"] },
  // How long light takes to a majority: arithmetic, by which rules judge as well.
  { name: "latency", files: /^runtime\/src\/advice\/latency\//, imports: ["levels", "regions", "figures"] },
  // The rest of it: tables, and the entry.
  {
    name: "advice",
    files: /^runtime\/src\/advice\//,
    imports: ["levels", "classification", "cost", "latency"],
  },
  // The search for the weakest levels that suffice: of running them it knows only that somebody does.
  { name: "comparison", files: /^runtime\/src\/explore\/compare\//, imports: ["levels", "cost"] },
  { name: "history", files: /^runtime\/src\/history\//, imports: ["levels", "data"] },
  { name: "checkers", files: /^runtime\/src\/checkers\//, imports: ["levels", "data", "history"] },
  {
    name: "simulation entry",
    files: /^runtime\/src\/simulation\/index\.ts$/,
    imports: ["levels", "errors", "kernel", "regions", "virtual globals", "faults", "explore", "history"],
    types: ["workload shape", "tallies"],
  },
  { name: "virtual globals", files: /^runtime\/src\/simulation\/virtual-globals\//, imports: ["errors", "kernel"] },
  // Where places are and how far apart: data, from which messages are worded as well.
  {
    name: "regions",
    files: /^runtime\/src\/simulation\/(network\/regions|numeric)\.ts$/,
    imports: [],
  },
  { name: "kernel", files: /^runtime\/src\/simulation\//, imports: ["levels", "regions"] },
  { name: "faults", files: /^runtime\/src\/faults\//, imports: ["levels", "errors", "kernel", "regions"] },
  {
    name: "mechanisms",
    files: /^runtime\/src\/mechanisms\//,
    imports: ["levels", "errors", "data", "mechanism options", "mechanism claims", "kernel", "regions"],
  },
  {
    name: "simulated deployment",
    files: /^runtime\/src\/deployment\/simulated/,
    imports: [
      ...["levels", "errors", "data", "history", "mechanism options", "mechanisms", "kernel"],
      ...["deployment", "transactions", "cells"],
    ],
  },
  {
    name: "decorators",
    files: /^runtime\/src\/decorators\//,
    imports: ["levels", "errors", "data", "mechanism options", "validation", "transactions"],
  },
  // These three are one knot by nature: an operation asks for the transaction that it is in, a transaction runs
  // operations, and both run in a session of a deployment, which `open` binds cells to.
  {
    name: "deployment",
    files: /^runtime\/src\/deployment\//,
    imports: ["levels", "errors", "data", "mechanism options", "transactions", "cells", "history"],
    types: ["mechanisms"],
  },
  {
    name: "transactions",
    files: /^runtime\/src\/transactions\//,
    imports: ["levels", "errors", "data", "deployment", "cells"],
  },
  {
    name: "cells",
    files: /^runtime\/src\/cells\//,
    imports: ["levels", "errors", "copies", "data", "mechanism options", "decorators", "deployment", "transactions"],
    types: ["mechanisms"],
  },
  { name: "label", files: /^runtime\/src\/label\//, imports: ["levels", "errors", "decorators"] },
  // A stream is a log with a rule about who may append: one read-modify-write of it. Its level says what a version is worth.
  { name: "eventsourcing", files: /^runtime\/src\/eventsourcing\//, imports: ["levels", "errors", "cells"] },
  // A command is one transaction over cells, and read models follow from streams.
  {
    name: "cqrs",
    files: /^runtime\/src\/cqrs\//,
    imports: ["levels", "errors", "validation", "decorators", "data", "cells", "transactions", "eventsourcing"],
  },
  { name: "vite plugin", files: /^runtime\/src\/vite\//, imports: [] },
  {
    name: "main entry",
    files: /^runtime\/src\/index\.ts$/,
    imports: [
      "levels",
      "errors",
      "data",
      "mechanism options",
      "decorators",
      "cells",
      "deployment",
      "transactions",
      "label",
      "endorse",
    ],
  },
  // Sums of schedules that crossed from child processes: whoever puts them together adds numbers and judges nothing.
  {
    name: "tallies",
    files: /^runtime\/src\/explore\/(tally|statistics|measurements|figures)\.ts$/,
    imports: [],
    types: ["levels", "explore"],
  },
  // How much smaller a schedule has become, in words: whoever tells it says it alike.
  { name: "schedule size", files: /^runtime\/src\/explore\/schedule-size\.ts$/, imports: [], types: ["explore"] },
  // What crosses from whoever has the types to whoever makes the calls: data.
  // What operations of a trace say of one another: pure, by which stories are worded as well.
  { name: "sight", files: /^runtime\/src\/explore\/explanation\/sight\.ts$/, imports: [], types: ["kernel"] },
  { name: "workload shape", files: /^runtime\/src\/explore\/workload\/shape\.ts$/, imports: [] },
  {
    name: "explore",
    files: /^runtime\/src\/explore\//,
    imports: [
      ...[
        "levels",
        "errors",
        "data",
        "history",
        "checkers",
        "kernel",
        "regions",
        "virtual globals",
        "faults",
        "mechanisms",
        "mechanism claims",
        "workload shape",
        "schedule size",
        "sight",
      ],
      ...["deployment", "simulated deployment", "transactions", "cells", "decorators", "tallies"],
    ],
  },
  {
    name: "host protocol",
    files: /^runtime\/src\/host\/protocol\.ts$/,
    imports: [],
    types: ["explore", "tallies", "workload shape", "levels", "regions"],
  },
  {
    name: "host",
    files: /^runtime\/src\/host\//,
    // It answers the `require` of user code, so it holds every public entry.
    imports: [
      "host protocol",
      "checkers",
      "label",
      "eventsourcing",
      "cqrs",
      "advice",
      "errors",
      "explore",
      "faults",
      "kernel",
      "virtual globals",
      "simulation entry",
      "main entry",
    ],
  },
];

const server: readonly Layer[] = [
  {
    name: "documents",
    files: /^server\/src\/documents\//,
    imports: ["levels", "classification"],
    types: ["simulate", "compare", "advise", "verify", "audit"],
  },
  // Takes plain JSON and draws it: a page's only program, which knows neither runs nor traces.
  { name: "diagram", files: /^server\/src\/diagram\//, imports: [] },
  // What a project says of itself, and the words that people mistype.
  { name: "configuration", files: /^server\/src\/configuration\//, imports: ["documents", "regions"] },
  // The entry and what it is made of: facts, then rules over them, then findings.
  {
    name: "analysis entry",
    files: /^server\/src\/analysis\/(index|engine|judge)\.ts$/,
    imports: ["documents", "levels", "configuration", "analysis", "rules"],
  },
  {
    name: "analysis",
    files: /^server\/src\/analysis\//,
    imports: ["documents", "levels", "configuration"],
    types: ["workload shape"],
  },
  {
    name: "rules",
    files: /^server\/src\/rules\//,
    imports: ["documents", "levels", "regions", "mechanism claims", "classification", "latency", "analysis"],
    types: ["configuration"],
    // What several of them judge by is no rule.
    unit: /^server\/src\/rules\/(?!common\/)([^/]+)\//,
  },
  {
    name: "simulate",
    files: /^server\/src\/simulate\//,
    // Signatures of classes, of which workloads are generated: loaded when one is.
    imports: ["documents", "levels", "host protocol", "tallies", "schedule size", "sight", "analysis"],
    types: ["kernel", "explore", "workload shape", "diagram"],
  },
  // A schedule in the form that trace viewers read.
  {
    name: "perfetto",
    files: /^server\/src\/perfetto\//,
    imports: [],
    types: ["kernel"],
  },
  {
    name: "compare",
    files: /^server\/src\/compare\//,
    imports: ["levels", "cost", "comparison", "tallies", "simulate"],
  },
  // A decision record: what is known of a class by its source and by running it, put together.
  {
    name: "advise",
    files: /^server\/src\/advise\//,
    imports: ["levels", "classification", "cost", "latency", "figures", "advice", "rules", "simulate", "compare"],
    types: ["analysis", "configuration"],
  },
  // Judges a history that somebody recorded: a file of a versioned format, whichever runtime wrote it.
  {
    name: "verify",
    files: /^server\/src\/verify\//,
    imports: ["levels", "history", "checkers", "simulate", "diagram"],
  },
  // An inventory of what is where: facts of the analysis, judged by what kind of data it is.
  {
    name: "audit",
    files: /^server\/src\/audit\//,
    imports: ["levels", "figures", "advice", "rules", "advise", "analysis", "analysis entry"],
    types: ["configuration"],
  },
  {
    name: "replay",
    files: /^server\/src\/replay\//,
    imports: ["levels", "simulate"],
    types: ["documents", "host protocol", "explore", "kernel"],
  },
  {
    name: "protocol",
    files: /^server\/src\/protocol\.ts$/,
    imports: ["documents"],
    types: ["simulate", "compare", "advise", "audit", "replay", "kernel"],
  },
  {
    name: "lsp",
    files: /^server\/src\/lsp\//,
    imports: [
      "documents",
      "configuration",
      "levels",
      "analysis",
      "analysis entry",
      "rules",
      "simulate",
      "compare",
      "advise",
      "audit",
      "replay",
      "protocol",
    ],
  },
  {
    name: "cli",
    files: /^server\/src\/cli\//,
    imports: [
      "documents",
      "configuration",
      "levels",
      "analysis",
      "analysis entry",
      "rules",
      "diagram",
      "simulate",
      "compare",
      "advise",
      "audit",
      "advice",
      "latency",
      "replay",
      "perfetto",
      "verify",
      "server",
    ],
  },
  // What build steps ask for: the `@faultline/runtime/vite` plugin finds it by its name.
  { name: "workloads entry", files: /^server\/src\/workloads\.ts$/, imports: ["analysis"] },
  { name: "server", files: /^server\/src\/main\.ts$/, imports: ["lsp", "analysis", "rules", "simulate"] },
];

export const layers: readonly Layer[] = [
  ...runtime,
  ...server,
  { name: "client", files: /^client\//, imports: ["protocol"] },
  { name: "samples", files: /^samples\//, imports: [] },
  {
    name: "scripts",
    files: /^(scripts\/|[^/]+\.ts$)/,
    imports: ["main entry", "server", "analysis", "rules", "documents", "configuration", "simulate", "replay"],
  },
];

/** Packages that only some folders may know, so that each protocol and each big library stops at one boundary. */
export const boundaries: readonly { readonly specifier: RegExp; readonly files: RegExp }[] = [
  {
    specifier: /^(ts-morph|@ts-morph\/.*|typescript)$/,
    files: /^server\/src\/(analysis\/|simulate\/decorator-metadata\.ts$)/,
  },
  { specifier: /^vscode-(languageserver|jsonrpc)/, files: /^(server\/src\/(lsp\/|main\.ts$|protocol\.ts$)|client\/)/ },
  { specifier: /^(vscode|vscode-languageclient.*)$/, files: /^client\// },
  { specifier: /^(commander|ora|picocolors)$/, files: /^server\/src\/(cli|simulate)\// },
  { specifier: /^(d3-.*|flatbush)$/, files: /^server\/src\/diagram\// },
  { specifier: /^(@humanwhocodes\/momoa|picomatch)$/, files: /^server\/src\/configuration\// },
  {
    specifier: /^(esbuild|acorn)$/,
    files: /^(server\/src\/simulate\/|runtime\/src\/vite\/|scripts\/|vitest\.config\.ts$)/,
  },
];

/**
 * What the server takes from the runtime's sources: plain data, on which a project's own version cannot differ in code,
 * and what reads and judges histories, which come as files of a version of their own.
 */
export const sharedData: readonly string[] = [
  "levels",
  "regions",
  "mechanism claims",
  "classification",
  "figures",
  "cost",
  "latency",
  "advice",
  "comparison",
  "host protocol",
  "tallies",
  "schedule size",
  "sight",
  "history",
  "checkers",
];

/** What an application bundles. Nothing of these may be loaded from it, through however many steps. */
export const mainEntry = "runtime/src/index.ts";
export const absentFromMainEntry = /^runtime\/src\/(simulation|explore|checkers|faults|host|advice)\//;
