import { resolve } from "node:path";
import { createAnalysis, type SyntaxProblem } from "../analysis/index.js";
import { beginInventory } from "../analysis/inventory/index.js";
import type { FileModel } from "../analysis/model.js";
import { type Disk, disk as realDisk } from "../analysis/workspace/disk.js";
import type { ConfigurationProblem } from "../configuration/index.js";
import { assemble } from "./assemble.js";
import type { AuditDocument } from "./audit.js";

export type {
  AuditCandidate,
  AuditDocument,
  AuditedDataset,
  AuditedStore,
  AuditLocation,
  AuditRisk,
  AuditSavings,
  AuditVerdict,
} from "./audit.js";
export { renderMarkdown } from "./markdown.js";

export interface AuditOptions {
  /** Paths are told relative to it. */
  readonly root: string;
  readonly project?: string | undefined;
  /** Only these files and folders. */
  readonly paths?: readonly string[];
  /** What the editor has open, which the disk may not have yet. */
  readonly buffers?: ReadonlyMap<string, string>;
  /** Ends it early: the document then holds what was known by then. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told before anything is looked at. */
  readonly onConfigurationProblems?: (problems: readonly ConfigurationProblem[]) => void;
}

export interface Audited {
  readonly document: AuditDocument;
  readonly syntaxErrors: readonly SyntaxProblem[];
}

/** Takes stock of a folder. Nothing of it is run; whoever waits can do something else meanwhile. */
export async function takeAudit(options: AuditOptions): Promise<Audited> {
  const { root, project, paths = [], buffers = new Map(), signal, onProgress } = options;
  const analysed = { root, project, paths };
  const analysis = createAnalysis({ ...analysed, declarationsOnly: true });
  for (const [file, text] of buffers) analysis.open(file, text);
  options.onConfigurationProblems?.(analysis.configurationProblems());
  const isIncluded = (file: string): boolean => analysis.configuration(file).isIncluded;
  const stocktaking = beginInventory({ ...analysed, isIncluded }, withBuffers(buffers));
  const models: FileModel[] = [];
  const total = stocktaking.files.length;
  let breathedMs = performance.now();
  for (const [index, file] of stocktaking.files.entries()) {
    if (performance.now() - breathedMs > breathMs) {
      onProgress?.(index, total);
      await new Promise((done) => setImmediate(done));
      breathedMs = performance.now();
    }
    if (signal?.aborted === true) break;
    stocktaking.look(file);
    const model = analysis.model(file);
    if (model !== undefined) models.push(model);
  }
  const { inventory } = stocktaking;
  const { regions } = analysis.configuration(resolve(root, paths[0] ?? ".", "_"));
  const document = assemble({ inventory, unseenFiles: total - inventory.files.length, models, regions, cwd: root });
  return { document, syntaxErrors: inventory.syntaxErrors };
}

/** Nobody who waits notices so short a pause. */
const breathMs = 50;

function withBuffers(buffers: ReadonlyMap<string, string>): Disk {
  if (buffers.size === 0) return realDisk;
  return { ...realDisk, read: (file) => buffers.get(file) ?? realDisk.read(file) };
}
