import { compareLevels, type Level } from "../../../runtime/src/levels.js";
import type { FieldClassification, LevelAdvice } from "../advise/advise.js";
import { kindOf } from "../advise/fields.js";
import type { Inventory, PrismaSchema, StoreUse } from "../analysis/inventory/index.js";
import type { FileModel, Site } from "../analysis/model.js";
import type { Store } from "../analysis/states.js";
import { capitalised } from "../rules/words.js";
import type { AuditedDataset, AuditedStore, AuditLocation, AuditVerdict } from "./audit.js";
import { askedFor, type Given, givenBy } from "./defaults.js";
import { verdictOf } from "./verdict.js";

export interface StoresRequest {
  readonly inventory: Inventory;
  readonly labelled: ReadonlyMap<string, Store>;
  readonly levels: readonly LevelAdvice[];
  readonly located: (site: Site) => AuditLocation;
}

/** Stores that a level labels, by the place of their name. */
export function storesByPlace(models: readonly FileModel[]): ReadonlyMap<string, Store> {
  return new Map(models.flatMap(({ labelledStores }) => labelledStores.map((store) => [placeOf(store.site), store])));
}

const placeOf = ({ file, range }: Site): string => `${file}:${range.start.line}:${range.start.column}`;

/** What the clients of stores are used for: one entry a technology, and in it one a table, key, topic. */
export function auditedStores(request: StoresRequest): readonly AuditedStore[] {
  const { inventory } = request;
  const providers = inventory.prisma.flatMap(({ provider }) => (provider === undefined ? [] : [provider]));
  return [...grouped(inventory.uses, ({ technology }) => technology)].map(([technology, uses]) => {
    const gives = givenBy(technology, providers);
    const modules = [...new Set(uses.map(({ module }) => `\`${module}\``))].join(", ");
    const { level, reason } = gives;
    return {
      name: `${gives.title}, by ${modules}`,
      kind: "store",
      gives: { level, reason },
      datasets: [...grouped(uses, ({ dataset }) => dataset ?? "")].map(([name, own]) =>
        datasetOf(name, own, gives, request),
      ),
    };
  });
}

function datasetOf(name: string, uses: readonly StoreUse[], gives: Given, request: StoresRequest): AuditedDataset {
  const { inventory, levels, located } = request;
  const classification = name === "" ? kindOf({}) : classified(name, uses, inventory.prisma);
  const { level, basis } = levelOf(uses, gives, request.labelled);
  const reads = uses.filter(({ action }) => action === "read" || action === "unknown").length;
  const [first] = uses;
  if (first === undefined) throw new Error("a dataset that nothing uses");
  return {
    name: name === "" ? null : name,
    kind: gives.kind,
    location: located(first.site),
    uses: { reads, writes: uses.length - reads },
    level,
    levelBasis: basis,
    classification,
    verdict: gives.delivers === true && level === null ? delivering(gives) : verdictOf(level, classification, levels),
  };
}

const delivering = ({ reason }: Given): AuditVerdict => ({
  ...{ kind: "no level", level: null, saves: null },
  because: `${capitalised(reason)}.`,
});

/** The weakest that any of its uses gets: what a label says, what the call asks for, what the store gives anyway. */
function levelOf(
  uses: readonly StoreUse[],
  gives: Given,
  labelled: ReadonlyMap<string, Store>,
): { readonly level: Level | null; readonly basis: AuditedDataset["levelBasis"] } {
  const found = uses
    .filter(({ action }) => action === "read" || uses.every((each) => each.action !== "read"))
    .map((use) => {
      const label = labelled.get(placeOf(use.holder))?.level;
      if (label !== undefined) return { level: label, basis: "declared" as const };
      const asked = askedFor(use.technology, use);
      if (asked !== undefined) return { level: asked, basis: "asked for" as const };
      return { level: gives.level, basis: gives.level === null ? ("unknown" as const) : ("default" as const) };
    });
  return found.reduce((a, b) =>
    a.level === null || (b.level !== null && compareLevels(a.level, b.level) <= 0) ? a : b,
  );
}

/** By its name; where that says nothing, by the strictest of the parts that the code or the schema gives it. */
function classified(dataset: string, uses: readonly StoreUse[], schemas: readonly PrismaSchema[]): FieldClassification {
  const model = schemas
    .flatMap(({ models }) => models)
    .find(({ name }) => name.toLowerCase() === dataset.toLowerCase());
  const own = kindOf({ name: readable(dataset), comment: model?.comment });
  if (own.name !== null) return own;
  const fields = new Set([...(model?.fields ?? []), ...uses.flatMap((use) => use.fields)]);
  const parts = [...fields].map((field) => ({ field, kind: kindOf({ name: field }) }));
  const [strictest] = parts
    .filter(({ kind }) => kind.weakest !== null && compareLevels(kind.weakest, "causal") >= 0)
    .sort((a, b) => compareLevels(b.kind.weakest ?? "none", a.kind.weakest ?? "none"));
  if (strictest === undefined) return own;
  return { ...strictest.kind, reason: `its part \`${strictest.field}\`: ${strictest.kind.reason}` };
}

/** `stock:*` is about stock, `public.order_items` about order items, `orders.placed` about orders. */
function readable(dataset: string): string {
  const words = dataset
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "" && !/^(?:public|dbo|v\d+|prod|dev)$/i.test(word));
  return words.length === 0 ? dataset : words.join("_");
}

function grouped<Item, Key>(items: readonly Item[], key: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
