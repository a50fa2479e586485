import { commands, Disposable, window } from "vscode";

/** The reports of simulations and comparisons, newest last. It never shows itself. */
export interface Reports extends Disposable {
  append(outcome: { readonly text: string }): void;
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
