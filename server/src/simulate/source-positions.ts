import { isAbsolute, relative, resolve } from "node:path";
import { originalPositionFor, sourceContentFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Site } from "../../../runtime/src/simulation/trace.js";
import type { Range } from "../documents/finding.js";
import { rangeAt } from "./source-range.js";

export interface SourceLocation {
  /** Relative to the working directory. */
  readonly file: string;
  readonly range: Range;
}

interface Place {
  readonly absolute: string;
  readonly line: number;
  readonly column: number;
  readonly text: string | undefined;
}

interface Context {
  /** The folder that the source map's paths are relative to. */
  readonly folder: string;
  readonly cwd: string;
  readonly fileName: string;
}

type Mapping = (line: number, column: number) => Site;

/** From positions in the compiled program to positions in the user's files. */
export class SourcePositions {
  private readonly map: TraceMap;
  private readonly inMessages: RegExp;

  constructor(
    private readonly mapText: string,
    private readonly context: Context,
    private readonly before: Mapping = (line, column) => ({ line, column }),
  ) {
    this.map = new TraceMap(mapText);
    this.inMessages = new RegExp(`${escaped(context.fileName)}:(\\d+):(\\d+)`, "g");
  }

  /** The same for a program that was changed after the source map was made. */
  through(before: Mapping): SourcePositions {
    return new SourcePositions(this.mapText, this.context, before);
  }

  /** Null for code that has no source: what the compiler added. */
  sourceOf(site: Site): SourceLocation | null {
    const place = this.locate(site);
    if (place === undefined) return null;
    return { file: relative(this.context.cwd, place.absolute), range: rangeAt(place.text, place.line, place.column) };
  }

  locate(site: Site): Place | undefined {
    const { line, column } = this.before(site.line, site.column);
    const position = originalPositionFor(this.map, { line, column: column - 1 });
    if (position.source === null) return undefined;
    const { folder, cwd } = this.context;
    const source = isAbsolute(position.source) ? position.source : resolve(folder, position.source);
    // People know the folder as they named it, which may be a link.
    const absolute = source.startsWith(`${folder}/`) ? resolve(cwd, relative(folder, source)) : source;
    const text = sourceContentFor(this.map, position.source) ?? undefined;
    return { absolute, line: position.line, column: position.column + 1, text };
  }

  /** Rewrites every `program:line:column` of a message or stack trace. */
  inText(text: string): string {
    return text.replace(this.inMessages, (whole, line: string, column: string) => {
      const place = this.locate({ line: Number(line), column: Number(column) });
      return place === undefined
        ? whole
        : `${relative(this.context.cwd, place.absolute)}:${place.line}:${place.column}`;
    });
  }

  /** The first position of the program that a stack trace or message names. */
  firstIn(text: string): Site | undefined {
    const match = new RegExp(this.inMessages.source).exec(text);
    return match === null ? undefined : { line: Number(match[1]), column: Number(match[2]) };
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
