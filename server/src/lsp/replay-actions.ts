import { type CodeAction, CodeActionKind, type CodeActionParams } from "vscode-languageserver/node";
import { commands, type ReplayArguments } from "../protocol.js";
import { rangesTouch } from "./positions.js";
import type { Session } from "./session.js";

/** For what a simulation found under the caret: its story, and its schedule in a debugger. */
export function replayActions(file: string, parameters: CodeActionParams, session: Session): readonly CodeAction[] {
  const here = session.simulationFindings
    .placedIn(file)
    .filter(({ diagnostic }) => rangesTouch(diagnostic.range, parameters.range));
  return here.flatMap(({ diagnostic, schedule }) => {
    const action = (title: string, command: string): CodeAction => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      command: { title, command, arguments: [schedule satisfies ReplayArguments] },
    });
    return [
      action(`Replay seed ${schedule.seed}`, commands.replaySeed),
      action(`Debug seed ${schedule.seed}`, commands.debugSeed),
    ];
  });
}
