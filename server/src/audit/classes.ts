import type { LevelAdvice } from "../advise/advise.js";
import { classificationOf } from "../advise/fields.js";
import type { Cell, FileModel, Site } from "../analysis/model.js";
import type { AuditedStore, AuditLocation } from "./audit.js";
import { verdictOf } from "./verdict.js";

/** Every replicated class with its fields, in the order of files and lines. */
export function auditedClasses(
  models: readonly FileModel[],
  levels: readonly LevelAdvice[],
  located: (site: Site) => AuditLocation,
): readonly AuditedStore[] {
  return models.flatMap(({ cells }) => {
    return [...grouped(cells)].map(([owner, own]) => ({
      name: owner,
      kind: "class" as const,
      gives: null,
      datasets: own.map((cell) => {
        const classification = classificationOf(cell);
        const level = cell.level ?? null;
        return {
          name: cell.name,
          kind: cell.dataType,
          location: located(cell.site),
          uses: null,
          level,
          levelBasis: level === null ? ("unknown" as const) : ("declared" as const),
          classification,
          verdict: verdictOf(level, classification, levels),
        };
      }),
    }));
  });
}

function grouped(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) groups.set(cell.owner, [...(groups.get(cell.owner) ?? []), cell]);
  return groups;
}
