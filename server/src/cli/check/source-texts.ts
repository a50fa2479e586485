import { disk } from "../../analysis/workspace/disk.js";

/** Files as they are on disk, read when they are first shown. */
export class SourceTexts {
  readonly #texts = new Map<string, string>();

  of(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = disk.read(file) ?? "";
    this.#texts.set(file, text);
    return text;
  }
}
