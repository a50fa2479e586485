import { commands, Disposable, window } from "vscode";
import type { SimulateOutcome } from "../../server/src/protocol.js";

/** The reports of simulations, newest last. It never shows itself. */
export interface Reports extends Disposable {
  append(outcome: SimulateOutcome): void;
  show(): void;
}

export function reports(): Reports {
  const channel = window.createOutputChannel("Faultline");
  const show = () => channel.show(true);
  const command = commands.registerCommand("faultline.showOutput", show);
  return {
    append: ({ text }) => channel.append(text.endsWith("\n") ? `${text}\n` : `${text}\n\n`),
    show,
    dispose: () => Disposable.from(channel, command).dispose(),
  };
}
