import { ts } from "ts-morph";
import type { Level } from "../../../../runtime/src/levels.js";
import { levelDecorator } from "../extract/annotations.js";
import { isStoreCall } from "../extract/call-nodes.js";
import { calleeName, type Item } from "../extract/functions.js";
import { memberName } from "../extract/scopes.js";
import { actionOf } from "../extract/store-actions.js";
import { clientOf, labelOf } from "../extract/stores.js";
import { callsOf, type StoreId } from "../extract/values.js";
import type { Effect } from "../flow/summaries.js";
import type { CallSite } from "../model.js";
import { siteOf } from "../sites.js";
import type { Store, StoreAction, StoreEffect, StoreRole } from "../states.js";
import { isBounded } from "./store-bounds.js";
import type { View } from "./view.js";

export function storeEffectOf(view: View, effect: Effect): StoreEffect | undefined {
  const { target } = effect;
  if (target.kind !== "operation" || target.cell.kind !== "store") return undefined;
  const store = view.store(target.cell.id);
  const last = effect.path.at(-1);
  if (store === undefined || last === undefined || !isStoreCall(last.node)) return undefined;
  const calls = callsOf(target.cell);
  const { action, name } = actionOf(view.sources.x, [...calls, target.name], last.node);
  return {
    store,
    operation: name,
    action,
    access: accesses[action],
    level: store.level,
    methodLevel: effect.cap,
    isBounded: isBounded(view.sources.x, last.node, name, calls),
    handled: effect.handled,
    site: siteOf(last.node),
    through: callsOn(effect.path),
  };
}

const accesses: Readonly<Record<StoreAction, StoreEffect["access"]>> = {
  read: "read",
  write: "write",
  delete: "write",
  send: "write",
  update: "update",
  commit: "unknown",
  unknown: "unknown",
};

/** The calls on the way to an operation, those of functions written in place aside. */
export function callsOn(path: readonly Item[]): readonly CallSite[] {
  return path
    .slice(0, -1)
    .filter((item) => !item.inline)
    .map((item) => ({ name: calleeName(item), site: siteOf(item.node) }));
}

interface Known {
  readonly node: ts.Node | undefined;
  readonly state: object | undefined;
  readonly level: Level | undefined;
  readonly store: Store | undefined;
  askedAt: number;
}

/** The stores that rules see, each the same object as long as its label is. */
export class Stores {
  readonly #known: Map<StoreId, Known>;
  readonly #note: (id: StoreId) => void;

  constructor(private readonly view: View) {
    const { x } = view.sources;
    this.#known = x.reads.forgetful(({ node }) => node === undefined || !x.isCurrent(node));
    this.#note = view.sources.x.reads.topic((id: StoreId) => this.#at(id));
  }

  of(id: StoreId): Store | undefined {
    this.#note(id);
    return this.#at(id);
  }

  #at(id: StoreId): Store | undefined {
    const { x } = this.view.sources;
    const { now } = x.reads;
    const known = this.#known.get(id);
    if (known?.askedAt === now) return known.store;
    const label = labelOf(x, id);
    const state = label && x.stateOf(label.labelled);
    const isSame = known !== undefined && known.state === state && known.level === label?.level;
    const store = isSame ? known.store : label && buildStore(this.view, label);
    this.#known.set(id, { node: label?.labelled, state, level: label?.level, store, askedAt: now });
    return store;
  }
}

function buildStore(view: View, { level, labelled }: NonNullable<ReturnType<typeof labelOf>>): Store {
  const { x } = view.sources;
  const holder = ts.isCallExpression(labelled) ? holderOf(labelled) : labelled;
  const decorator = levelDecorator(x, labelled);
  const node = (holder as ts.NamedDeclaration | undefined)?.name ?? labelled;
  const name = (holder && memberName(holder)) ?? "the store";
  const client = clientOf(labelled);
  return {
    name,
    owner: holder && ownerOf(holder),
    level,
    annotation: decorator && view.levelAnnotation(decorator),
    site: siteOf(node),
    client,
    expiresByDefault: /\b(?:ttl|expir|max_?age|lifetime)/i.test(labelled.getText()),
    role: roleOf(level, name, client),
  };
}

/** The variable, field or member that a label's call is put into. */
function holderOf(call: ts.Node): ts.Node | undefined {
  let holder = call.parent;
  while (holder !== undefined && ts.isExpression(holder) && !ts.isArrowFunction(holder)) holder = holder.parent;
  return holder !== undefined && memberName(holder) !== undefined ? holder : undefined;
}

function ownerOf(holder: ts.Node): string | undefined {
  const around = ts.isParameter(holder) ? holder.parent.parent : holder.parent;
  return ts.isClassLike(around) ? around.name?.text : undefined;
}

const roles: readonly (readonly [StoreRole, RegExp])[] = [
  ["cache", /^(?:cache|caches|caching|redis|ioredis|valkey|memcached?|keyv|lru|cdn|edge|varnish|fastly|cloudfront)$/],
  [
    "broker",
    /^(?:kafka|kafkajs|producer|publisher|queue|queues|broker|bus|sns|sqs|pubsub|pub|nats|amqp|amqplib|rabbit|rabbitmq|topic|stream|messages|messaging|messenger|events|bullmq)$/,
  ],
  [
    "search index",
    /^(?:search|elastic|elasticsearch|opensearch|algolia|algoliasearch|meili|meilisearch|typesense|solr|index|indexer)$/,
  ],
];

/** By the words of its name, its type and its package. What promises more than copies become equal some time is no cache. */
function roleOf(level: Level, name: string, client: Store["client"]): StoreRole | undefined {
  for (const text of [name, client.name, client.from]) {
    const words = (text ?? "")
      .replace(/([a-z\d])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^a-z\d]+/);
    const role = roles.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0];
    if (role !== undefined && (role !== "cache" || level === "none" || level === "eventual")) return role;
  }
  return undefined;
}
