import type { Level } from "../../../runtime/src/levels.js";
import type { ConfigurationProblem, FileConfiguration } from "../configuration/index.js";
import type { Finding, Fix, Range, TextEdit } from "../documents/finding.js";
import type { Memory } from "./memory.js";
import type { FileModel } from "./model.js";

/**
 * The analyzer as the command line and the language server hold it. Paths are absolute. It reads what it needs from disk
 * unless a file is open in the editor; it never runs user code.
 */
export interface Analysis {
  /** An editor buffer shadows the file on disk. Calling it again replaces the text. */
  open(file: string, text: string): void;
  close(file: string): void;
  /** The file was created, changed or deleted on disk. */
  changedOnDisk(file: string): void;
  /** Findings of every file whose findings differ from what the last call reported (then possibly empty). */
  refresh(pace?: Pace): ReadonlyMap<string, readonly Finding[]>;
  /** Every file has been judged; otherwise some wait for the next call of `refresh`. */
  readonly isComplete: boolean;
  findings(file: string): readonly Finding[];
  /** The facts that rules judge by; undefined for a file that has nothing to do with the runtime. Valid until the next edit. */
  model(file: string): FileModel | undefined;
  /** Annotated classes and exported scenarios, in source order: where `▶ Simulate` stands. */
  targets(file: string): readonly Target[];
  /** What can be rewritten at a caret or a selection, whether anything is wrong there or not. */
  refactors(file: string, range: Range): readonly Refactor[];
  /** What writes these levels, by field (`Account.balance`), of classes that this file declares or uses. */
  assignLevels(file: string, levels: Readonly<Record<string, Level>>): AssignedLevels;
  /** How many files are part of the analysed projects. */
  readonly fileCount: number;
  /** The text as it is analysed: the open buffer, else the file on disk. */
  text(file: string): string | undefined;
  /** The first place of each annotated or named file where the parser had to guess. */
  syntaxErrors(): readonly SyntaxProblem[];
  /** The first place of any one file where the parser has to guess. */
  syntaxError(file: string): SyntaxProblem | undefined;
  /** What is configured for a file: regions, severities, schedules. */
  configuration(file: string): FileConfiguration;
  /** What is wrong with any configuration that holds for an analysed file. It then holds as it last was, or not at all. */
  configurationProblems(): readonly ConfigurationProblem[];
  /** What a later analysis has to know to look only at what was edited; undefined where edits may matter anywhere. */
  memory(): Memory | undefined;
  /** What went wrong inside: a rule that failed was left out for a file, the others went on. */
  readonly notes: readonly string[];
}

/** For callers who would rather hear of some files now than of all files later. */
export interface Pace {
  /** These are judged whatever it takes. */
  readonly first: Iterable<string>;
  /** Asked before each of the others. */
  hasTime(): boolean;
}

export interface SyntaxProblem {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

export interface Target {
  /** Export or class name, as in `file#Name`. */
  readonly name: string;
  readonly kind: "scenario" | "class";
  /** For a class: the exported scenarios of this file that open it. */
  readonly scenarios: readonly string[];
  /** The range of the name. */
  readonly range: Range;
}

export interface AssignedLevels {
  /** Undefined where every field has its level already. */
  readonly fix: Fix | undefined;
  /** Fields whose level cannot be written where they stand. */
  readonly unwritten: readonly string[];
}

/** A rewriting of code that may well be right as it is. */
export interface Refactor {
  readonly id:
    | "changeLevel"
    | "fieldToCell"
    | "registerToCounter"
    | "wrapInTransaction"
    | "transactionToSaga"
    | "invariant"
    | "splitByLevel";
  readonly kind: "rewrite" | "extract";
  readonly title: string;
  /** What it changes, perhaps in several files. Valid for the text that it was asked for. */
  edits(): readonly TextEdit[];
}

export interface AnalysisOptions {
  /** Folder that is analysed: a workspace folder, or the working directory of the command line. */
  readonly root: string;
  /** Explicit tsconfig.json, else the nearest of each file, else defaults. */
  readonly project?: string | undefined;
  /** Restrict to these files or folders. */
  readonly paths?: readonly string[] | undefined;
  /** Severity by rule id, in place of what is configured; `off` silences. */
  readonly severities?: Readonly<Record<string, Finding["severity"] | "off">> | undefined;
  /** Only what is declared will be asked for, cells and labels, and not what code does with them: that takes longest. */
  readonly declarationsOnly?: boolean;
}
