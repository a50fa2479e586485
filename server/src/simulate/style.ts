import picocolors from "picocolors";

/** How text is set off on a terminal, or not at all. */
export class Style {
  private readonly colors: ReturnType<typeof picocolors.createColors>;

  constructor(readonly isColored: boolean) {
    this.colors = picocolors.createColors(isColored);
  }

  bold = (text: string): string => this.colors.bold(text);
  dim = (text: string): string => this.colors.dim(text);
  bad = (text: string): string => this.colors.red(text);
  good = (text: string): string => this.colors.green(text);
  doubtful = (text: string): string => this.colors.yellow(text);
  link = (text: string): string => this.colors.cyan(text);
}
