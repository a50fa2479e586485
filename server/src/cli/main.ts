import process from "node:process";
import { Command } from "commander";
import server from "../../package.json" with { type: "json" };
import { ExitCode, explain, UsageError } from "./exit.js";

/** Commands whose modules are loaded only if they are called: a simulation never waits for the analyzer to load. */
const commands: readonly LazyCommand[] = [
  {
    name: "check",
    summary: "find consistency anti-patterns",
    register: async (program) => (await import("./check.js")).registerCheck(program),
  },
  {
    name: "simulate",
    summary: "run annotated classes and scenarios on simulated replicas under faults",
    register: async (program) => (await import("./simulate.js")).registerSimulate(program),
  },
  {
    name: "compare",
    summary: "run one workload at all five levels, and find the weakest that suffice",
    register: async (program) => (await import("./compare.js")).registerCompare(program),
  },
  {
    name: "replay",
    summary: "run one schedule again and tell its story; in a debugger, if asked",
    register: async (program) => (await import("./replay.js")).registerReplay(program),
  },
  {
    name: "advise",
    summary: "write down which level each field needs, and why",
    register: async (program) => (await import("./advise.js")).registerAdvise(program),
  },
  {
    name: "verify",
    summary: "judge a recorded history",
    register: async (program) => (await import("./verify.js")).registerVerify(program),
  },
  {
    name: "audit",
    summary: "inventory of replicated state and stores",
    register: async (program) => (await import("./audit.js")).registerAudit(program),
  },
  {
    name: "explain",
    summary: "show the page of a rule",
    register: async (program) => (await import("./explain.js")).registerExplain(program),
  },
  {
    name: "init",
    summary: "write a configuration and a first scenario",
    register: async (program) => (await import("./init.js")).registerInit(program),
  },
  {
    name: "lsp",
    summary: "start the language server",
    register: async (program) => (await import("./lsp.js")).registerLsp(program),
  },
];

interface LazyCommand {
  readonly name: string;
  readonly summary: string;
  register(program: Command): Promise<void> | void;
}

/** Ended by SIGPIPE, as a shell counts it: what other programs answer when their reader has left. */
const readerLeft = 128 + 13;

/** Runs the command line and sets the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  // `faultline check | head` closes the pipe early; there is nobody left to tell.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(readerLeft);
    process.stderr.write(`faultline: The output could not be written: ${error.message}\n`);
    process.exit(ExitCode.unusable);
  });
  // Nor is there anybody to tell beside the output: that goes on.
  process.stderr.on("error", () => {});
  try {
    const program = await programFor(argv.slice(2));
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = explain(error);
  }
}

async function programFor(words: readonly string[]): Promise<Command> {
  const program = new Command("faultline")
    .description("Shows TypeScript developers where their code splits when the network does.")
    .version(server.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      // What went wrong is said once, by `explain`.
      writeErr: () => {},
      outputError: () => {},
    })
    .addHelpText(
      "after",
      [
        "",
        "Examples:",
        "  faultline check",
        "  faultline simulate src/bank.ts",
        "  faultline replay src/bank.ts#splitBank --seed 412",
        "  faultline compare src/bank.ts#Account",
        "  faultline advise src/bank.ts#Account --availability 99.9%",
        "",
        "Exit codes: 0 clean or holds, 1 findings or violations, 2 wrong usage, 3 unknown.",
      ].join("\n"),
    );
  for (const { name, summary, register } of commands) {
    if (words.includes(name)) await register(program);
    else program.command(name).summary(summary).description(summary);
  }
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
  if (words.length === 0) throw new UsageError("No command was given.", program.helpInformation().trim());
  return program;
}
