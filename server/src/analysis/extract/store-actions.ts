import { ts } from "ts-morph";
import type { StoreAction } from "../states.js";
import type { StoreCall } from "./call-nodes.js";
import type { Extraction } from "./extraction.js";
import { lookUp, skipOuter } from "./scopes.js";

/** What an expression refers to, as far as it matters here: a text that stands somewhere else. */
type Evaluating = Pick<Extraction, "evaluate">;

export interface NamedAction {
  readonly action: StoreAction;
  /** The call of the chain that tells: `insert` in `db.insert(orders).values(order)`. */
  readonly name: string;
}

/** `calls` are the names called on the way, the operation itself last. What changes something outweighs what reads. */
export function actionOf(x: Evaluating, calls: readonly string[], node: StoreCall): NamedAction {
  const named = calls
    .filter((name) => !builders.test(name))
    .map((name, index, all) => ({
      name,
      action: ofName(name) ?? (index === all.length - 1 ? ofText(x, node) : unknown),
    }));
  const change = named.findLast(({ action }) => action !== "read" && action !== "unknown");
  const last = calls.at(-1) ?? "";
  return change ?? named.find(({ action }) => action === "read") ?? { action: "unknown", name: last };
}

/** Calls that do something at once, where builders' calls only say what is to be done. */
const executes = /^\$?(?:query|exec|execute|run|raw|command|send)(?=$|[A-Z])/;

/** Its name tells that it does something, though perhaps not what. */
export function isTelling(x: Evaluating, calls: readonly string[], node: StoreCall): boolean {
  return executes.test(calls.at(-1) ?? "") || actionOf(x, calls, node).action !== unknown;
}

const unknown: StoreAction = "unknown";

/** They make something on which the operation is called later. */
const builders = /(?:Builder|Runner|Channel|Client|Session|Pipeline|Batch)$|^(?:multi|pipeline|batch|from|into|table)$/;

/** A verb, alone or before a capital: `insertMany` inserts, `settings` does not set. */
const verb = (...verbs: readonly string[]): RegExp => new RegExp(`^\\$?(?:${verbs.join("|")})(?=$|[A-Z0-9_])`);

const names: readonly (readonly [RegExp, StoreAction])[] = [
  [/^(?:find|get|load|fetch|select)\w*(?:And|Or)(?:Update|Delete|Remove|Replace|Modify|Create|Insert|Set)/, "update"],
  [/^(?:getset|getdel|getex|cas|compareAnd\w+|swap|checkAndSet|testAndSet)$/i, "update"],
  // What they leave is what they answer.
  [/^(?:(?:h|z)?incr(?:by)?(?:float)?|decr(?:by)?|[lr]pop)$/i, "update"],
  [verb("commit"), "commit"],
  [/^(?:send|sendMessages?|sendBatch|sendMessageBatch|sendToQueue|sendEvents?|xadd)$/i, "send"],
  [verb("publish", "produce", "enqueue", "emit", "dispatch", "broadcast", "notify"), "send"],
  [/^(?:h|mem)?del$|^unlink$|^[slz]rem$|^flush(?:all|db)$/i, "delete"],
  [verb("delete", "remove", "evict", "invalidate", "clear", "drop", "truncate", "purge", "destroy"), "delete"],
  [/^(?:p?setex|setnx|h?mset|hset(?:nx)?|[sz]add|[lr]push|p?expire)$/i, "write"],
  [/^(?:bulk|execute(?:Raw|RawUnsafe)|reindex)$/, "write"],
  [
    verb("set", "insert", "save", "update", "upsert", "put", "create", "add", "write", "append", "push", "store"),
    "write",
  ],
  [verb("persist", "replace", "increment", "decrement", "index", "record", "patch", "bulk", "merge"), "write"],
  [
    /^(?:h?m?get|hgetall|smembers|sismember|z(?:rev)?range|zscore|lrange|[hlx]len|[sz]card|dbsize|ttl|keys|oneOrNone|manyOrNone)$/i,
    "read",
  ],
  [verb("get", "find", "select", "read", "list", "count", "exists", "has", "load", "fetch", "search"), "read"],
  [verb("scan", "aggregate", "lookup", "first", "one", "many", "any", "peek", "view"), "read"],
];

function ofName(name: string): StoreAction | undefined {
  if (name === "send") return undefined; // A message, or a command that says itself what it does.
  return names.find(([pattern]) => pattern.test(name))?.[1];
}

/** By the SQL or the command object that the call is given; `send` of anything else sends. */
function ofText(x: Evaluating, node: StoreCall): StoreAction {
  if (ts.isTaggedTemplateExpression(node)) return ofSql(textOf(x, node) ?? "");
  const [first] = node.arguments;
  const isSend = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "send";
  if (first === undefined) return isSend ? "send" : unknown;
  const given = skipOuter(first);
  if (ts.isNewExpression(given)) return ofCommand(given.expression.getText());
  const text = textOf(x, given);
  return text === undefined ? (isSend ? "send" : unknown) : ofSql(text);
}

/** The commands of the AWS clients: `new PutCommand(…)`. */
function ofCommand(name: string): StoreAction {
  if (/^(?:Batch)?(?:Get|Query|Scan|List|Head|Describe|Search)/.test(name)) return "read";
  if (/^(?:Publish|SendMessage|SendEmail|PutEvents|PutRecords?)/.test(name)) return "send";
  if (/^Delete/.test(name)) return "delete";
  return /^(?:Put|Update|BatchWrite|TransactWrite|Create|Write)/.test(name) ? "write" : unknown;
}

function textOf(x: Evaluating, node: ts.Expression): string | undefined {
  if (ts.isTaggedTemplateExpression(node)) return textOf(x, node.template);
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(" ? ");
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isObjectLiteralExpression(node)) {
    const text = node.properties.find((each) => /^(?:text|sql)$/.test(each.name?.getText() ?? ""));
    return text !== undefined && ts.isPropertyAssignment(text) ? textOf(x, text.initializer) : undefined;
  }
  const named = ts.isIdentifier(node) ? lookUp(node.text, node) : undefined;
  const initial = named !== undefined && ts.isVariableDeclaration(named) ? named.initializer : undefined;
  if (initial !== undefined && (ts.isTemplateExpression(initial) || ts.isTaggedTemplateExpression(initial)))
    return textOf(x, initial);
  const value = x.evaluate(node);
  return value.kind === "literal" && typeof value.value === "string" ? value.value : undefined;
}

function ofSql(text: string): StoreAction {
  const bare = text.replace(/--.*$|\/\*[\s\S]*?\*\//gm, "").toLowerCase();
  const first = /[a-z]+/.exec(bare)?.[0] ?? "";
  if (first === "with") return /\b(?:insert|update|delete|merge)\b/.test(bare) ? "write" : "read";
  if (first === "select" || first === "show" || first === "explain" || first === "values") return "read";
  if (first === "delete" || first === "truncate") return "delete";
  if (first === "commit") return "commit";
  return /^(?:insert|update|merge|replace|upsert|copy|create|alter|drop)$/.test(first) ? "write" : unknown;
}
