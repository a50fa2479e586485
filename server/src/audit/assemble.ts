import { relative, sep } from "node:path";
import { levelAdvice } from "../advise/level-advice.js";
import type { Inventory } from "../analysis/inventory/index.js";
import type { FileModel, Site } from "../analysis/model.js";
import type { Regions } from "../configuration/index.js";
import type { AuditDocument, AuditedStore, AuditLocation } from "./audit.js";
import { auditedClasses } from "./classes.js";
import { risksIn } from "./risks.js";
import { auditedStores, storesByPlace } from "./stores.js";
import { summaryOf } from "./summary.js";

export interface AuditRequest {
  readonly inventory: Inventory;
  /** That an interruption left out. */
  readonly unseenFiles: number;
  /** Of the files that know the runtime. */
  readonly models: readonly FileModel[];
  readonly regions: Regions;
  /** Paths are told relative to it. */
  readonly cwd: string;
}

/** What replicated state and which stores there are, what each gives, and whether that fits what it holds. */
export function assemble({ inventory, unseenFiles, models, regions, cwd }: AuditRequest): AuditDocument {
  const located = ({ file, range }: Site): AuditLocation => ({
    file: relative(cwd, file).split(sep).join("/"),
    line: range.start.line,
  });
  const levels = levelAdvice({ regions, operationsPerSecond: 1, availability: undefined });
  const labelled = storesByPlace(models);
  const stores: readonly AuditedStore[] = [
    ...auditedClasses(models, levels, located),
    ...auditedStores({ inventory, labelled, levels, located }),
  ];
  return {
    schema: 1,
    files: inventory.files.length,
    unseenFiles,
    regions: { names: regions.places.map(({ name }) => name), areDefault: regions.areDefault },
    stores,
    risks: risksIn(inventory.uses, located),
    summary: summaryOf(stores),
  };
}
