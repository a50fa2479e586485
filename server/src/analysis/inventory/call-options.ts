import { ts } from "ts-morph";
import { skipOuter } from "../extract/scopes.js";

type Call = ts.CallExpression | ts.TaggedTemplateExpression;

/** Options that tell how fresh an answer is, or how many have to know of a write before it is answered. */
const telling =
  /^(?:ConsistentRead|readPreference|readConcern|writeConcern|readConcernLevel|scaleReads|preferredSlaves|readOnly|consistency|acks|replication|slaves|replicas|isolationLevel|w|exactStaleness|maxStaleness)$/;

/** Of the call, and of what made its client: `ConsistentRead: true`, in the order in which they stand. */
export function optionsOf(call: Call, made: ts.Node | undefined): string {
  const found: string[] = [];
  const visit = (node: ts.Node, depth: number): void => {
    if (depth > 6 || ts.isFunctionLike(node)) return;
    if (ts.isPropertyAssignment(node) && telling.test(node.name.getText()))
      found.push(`${node.name.getText()}: ${node.initializer.getText().replace(/\s+/g, " ").slice(0, 40)}`);
    ts.forEachChild(node, (child) => visit(child, depth + 1));
  };
  for (const given of ts.isCallExpression(call) ? call.arguments : []) visit(given, 0);
  if (made !== undefined) ts.forEachChild(made, (child) => visit(child, 0));
  return [...new Set(found)].join(", ");
}

const containers = /^(?:data|create|update|upsert|set|\$set|\$inc|increment|decrement|connectOrCreate|values|Item)$/;

/** The names of what is written: keys of the object that is given, or of its part that holds the values. */
export function writtenFields(call: Call): readonly string[] {
  const found = new Set(columnsIn(call.getText()));
  if (!ts.isCallExpression(call)) return [...found];
  const read = (object: ts.ObjectLiteralExpression, isValues: boolean, depth: number): void => {
    for (const each of object.properties) {
      const name = each.name?.getText().replace(/^["']|["']$/g, "");
      if (name === undefined) continue;
      const isContainer = containers.test(name);
      if (isValues && !isContainer) found.add(name);
      const inner = ts.isPropertyAssignment(each) ? skipOuter(each.initializer) : undefined;
      if (isContainer && depth < 3 && inner !== undefined && ts.isObjectLiteralExpression(inner))
        read(inner, true, depth + 1);
    }
  };
  for (const given of call.arguments.map(skipOuter)) if (ts.isObjectLiteralExpression(given)) read(given, false, 0);
  return [...found];
}

/** `UPDATE accounts SET balance = …`, `INSERT INTO accounts (id, balance)` */
function columnsIn(sql: string): readonly string[] {
  const set = [...sql.matchAll(/\bset\s+"?(\w+)"?\s*=/gi)].map(([, name = ""]) => name);
  const inserted = [...sql.matchAll(/\binsert\s+into\s+[\w."]+\s*\(([\w\s,"]+)\)/gi)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.replace(/[\s"]/g, "")),
  );
  return [...set, ...inserted];
}

/** `{ balance: { decrement: 5 } }`, `SET balance = balance - $1`: nobody has to know what it was. */
export function isRelative(call: Call): boolean {
  const text = call.getText();
  return /\b(?:increment|decrement|multiply|divide)\b|\$(?:inc|push|addToSet|pull)\b|\bset\s+(\w+)\s*=\s*\1\b/i.test(
    text,
  );
}

/** `const left = Number(await redis.get(key))`: `left`. */
export function resultName(call: Call): string | undefined {
  let node: ts.Node = call.parent;
  while (ts.isExpression(node) && !ts.isFunctionLike(node)) node = node.parent;
  return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) ? node.name.text : undefined;
}

/** Every name in what is given, but for the key or the condition that says where it goes. */
export function mentionedValues(call: Call, hasKey: boolean): readonly string[] {
  if (!ts.isCallExpression(call)) return [];
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && /^(?:where|filter|key|id|_id)$/.test(node.name.getText())) return;
    if (ts.isIdentifier(node)) found.add(node.text);
    else if (ts.isPropertyAssignment(node)) visit(node.initializer);
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression);
    else ts.forEachChild(node, visit);
  };
  for (const given of call.arguments.slice(hasKey ? 1 : 0).map(skipOuter)) {
    // An object that was read and is saved again: what is only set on it takes nothing from what it was.
    if (!ts.isIdentifier(given) || isComputedUpon(given)) visit(given);
  }
  return [...found];
}

/** Others are kept away, or it only happens if nothing has changed. */
export function isLocking(call: Call, name: string): boolean {
  if (/^(?:watch|eval|evalsha|compareAndSwap|cas|forUpdate)$/i.test(name)) return true;
  return /\bfor\s+(?:no\s+key\s+)?update\b|\block\s*:|\bversion\b|setLock|forUpdate|pessimistic|\bIfMatch\b|ConditionExpression|["'](?:NX|XX)["']|\bNX\s*:/i.test(
    call.getText(),
  );
}

/** `post.likes++`, `post.tags.push(tag)`, `post.likes = post.likes + 1` */
function isComputedUpon(entity: ts.Identifier): boolean {
  let around: ts.Node = entity;
  while (!ts.isFunctionLike(around) && !ts.isSourceFile(around)) around = around.parent;
  const name = entity.text.replaceAll("$", "\\$");
  const member = `\\b${name}(?:\\.\\w+)+`;
  return [
    `${member}\\s*(?:[-+*/]=|\\+\\+|--)`,
    `(?:\\+\\+|--)${member}`,
    `${member}\\.(?:push|splice|unshift|pop|shift)\\(`,
    `\\b${name}\\.(\\w+)\\s*=[^=;]*\\b${name}\\.\\1\\b`,
  ].some((pattern) => new RegExp(pattern).test(around.getText()));
}
