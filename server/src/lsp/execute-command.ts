import {
  type CancellationToken,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from "vscode-languageserver/node";
import { z } from "zod";
import { type CompareArguments, commands, type ReplayArguments, type SimulateArguments } from "../protocol.js";
import { adviseCommand } from "./advise-command.js";
import { auditCommand } from "./audit-command.js";
import { compareCommand } from "./compare-command.js";
import { debugCommand } from "./debug-command.js";
import type { Feature } from "./feature.js";
import { replayCommand } from "./replay-command.js";
import type { Session } from "./session.js";
import { simulateCommand } from "./simulate-command.js";

const runArguments = z.tuple([
  z.object({
    uri: z.string(),
    name: z.string().optional(),
    line: z.int().min(0).optional(),
    schedules: z.int().min(1).optional(),
    seed: z.int().min(0).optional(),
  }),
]);

type Run = (
  session: Session,
  request: SimulateArguments & CompareArguments & ReplayArguments,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
) => Promise<unknown>;

const runs = new Map<string, Run>([
  [commands.simulate, simulateCommand],
  [commands.compareLevels, compareCommand],
  [commands.advise, adviseCommand],
  [commands.audit, auditCommand],
  [commands.replaySeed, replayCommand],
  [commands.debugSeed, debugCommand],
]);

/** Commands are requests, so that every client has them, and not only ours. */
export const executeCommand: Feature = {
  capabilities: () => ({ executeCommandProvider: { commands: Object.values(commands), workDoneProgress: true } }),

  register(session) {
    session.connection.onExecuteCommand(async ({ command, arguments: given }, token, progress) => {
      const run = runs.get(command);
      if (run === undefined) {
        throw new ResponseError(ErrorCodes.InvalidParams, `Faultline has no command ${JSON.stringify(command)}.`);
      }
      const parsed = runArguments.safeParse(given);
      if (!parsed.success) {
        const problem = z.prettifyError(parsed.error);
        throw new ResponseError(ErrorCodes.InvalidParams, `${command} takes one argument { uri, name? }: ${problem}`);
      }
      try {
        return await run(session, parsed.data[0], token, progress);
      } catch (error) {
        throw toResponseError(error);
      }
    });
  },
};

/** The message is the answer to the user's question why nothing ran; it is complete and needs no stack. */
function toResponseError(error: unknown): ResponseError {
  if (error instanceof ResponseError) return error;
  return new ResponseError(LSPErrorCodes.RequestFailed, error instanceof Error ? error.message : String(error));
}
