import { ts } from "ts-morph";
import { lookUp, skipOuter } from "../extract/scopes.js";
import type { Reached, Segment } from "./client-of.js";
import { tablesIn } from "./sql.js";
import type { Technology } from "./technologies.js";

/** The names of the tables, keys, topics, … that a call is about; empty where the code does not say it here. */
export function datasetsOf(client: Reached, { addressing }: Technology): readonly string[] {
  const { segments, made, about } = client;
  const last = segments.findLast(({ call }) => call !== undefined);
  switch (addressing) {
    case "prisma": {
      const [first] = segments;
      return first === undefined || first.name.startsWith("$") ? tables(segments) : [first.name];
    }
    case "sql":
      return tables(segments);
    case "builder":
      return tablesBuilt(segments);
    case "entity":
      return one(entityIn(segments) ?? entity(about) ?? nameOf(made?.arguments?.[0]));
    case "collection":
      return one(argumentOf(segments, /^(?:collection|from|doc|container|collectionGroup)$/) ?? entity(about));
    case "key":
      return one(keyOf(argumentsOf(last)[0]));
    case "topic":
      return topics(segments);
    case "queue":
      return one(nameOf(made?.arguments?.[0]) ?? about);
    case "command":
      return one(
        propertyOf(last, /^(?:TableName|QueueUrl|TopicArn|Bucket|StreamName|DeliveryStreamName|EventBusName)$/),
      );
    case "index":
      return one(propertyOf(last, /^index(?:Name)?$/) ?? argumentOf(segments, /^(?:index|initIndex|collections)$/));
  }
}

const one = (name: string | undefined): readonly string[] => (name === undefined || name === "" ? [] : [name]);

const argumentsOf = (segment: Segment | undefined): readonly ts.Expression[] =>
  segment?.call !== undefined && ts.isCallExpression(segment.call) ? segment.call.arguments : [];

/** Of the SQL that any of the calls is given. */
function tables(segments: readonly Segment[]): readonly string[] {
  const texts = segments.flatMap(({ call }) =>
    call === undefined ? [] : ts.isTaggedTemplateExpression(call) ? [call.template] : call.arguments.slice(0, 1),
  );
  return [...new Set(texts.flatMap((each) => tablesIn(textOf(each) ?? "")))];
}

const builders = /^(?:|from|into|table|insert|update|delete|selectFrom|insertInto|updateTable|deleteFrom|replaceInto)$/;

function tablesBuilt(segments: readonly Segment[]): readonly string[] {
  // Drizzle: `db.query.users.findMany()`.
  const [first, second] = segments;
  if (first?.name === "query" && first.call === undefined && second !== undefined) return [second.name];
  const named = segments
    .filter(({ name, call }) => call !== undefined && builders.test(name))
    .map((segment) => nameOf(argumentsOf(segment)[0])?.replace(/\s+as\s.*$/i, ""));
  const found = [...new Set(named.filter((name) => name !== undefined))];
  return found.length > 0 ? found : tables(segments);
}

/** `manager.save(Order, …)`, `dataSource.getRepository(Order)` */
function entityIn(segments: readonly Segment[]): string | undefined {
  for (const segment of segments) {
    const given = argumentsOf(segment)[0];
    if (given === undefined) continue;
    if (ts.isIdentifier(given) && /^[A-Z][a-z]/.test(given.text)) return entity(given.text);
    if (segment.name === "model" && ts.isStringLiteralLike(given)) return given.text;
  }
  return undefined;
}

/** `OrderEntity`, `HydratedDocument<Order>` and `OrderDocument` are all about `Order`. */
const entity = (name: string | undefined): string | undefined =>
  name?.replace(/^.*<(.*)>$/, "$1").replace(/(?<=\w)(?:Entity|Document|Model)$/, "");

function argumentOf(segments: readonly Segment[], calls: RegExp): string | undefined {
  return nameOf(argumentsOf(segments.findLast(({ name, call }) => call !== undefined && calls.test(name)))[0]);
}

function topics(segments: readonly Segment[]): readonly string[] {
  const last = segments.findLast(({ call }) => call !== undefined);
  const [first] = argumentsOf(last);
  if (first === undefined) return [];
  const given = skipOuter(first);
  if (!ts.isObjectLiteralExpression(given)) return one(nameOf(given));
  const many = property(given, /^(?:topics|topicMessages)$/);
  if (many !== undefined && ts.isArrayLiteralExpression(many))
    return many.elements.flatMap((each) =>
      one(ts.isObjectLiteralExpression(each) ? nameOf(property(each, /^topic$/)) : nameOf(each)),
    );
  return one(nameOf(property(given, /^topic$/)));
}

/** Of the object, or of the object that the command is made with. */
function propertyOf(segment: Segment | undefined, names: RegExp): string | undefined {
  for (const given of argumentsOf(segment).map(skipOuter)) {
    const object = ts.isNewExpression(given) && given.arguments?.[0] ? skipOuter(given.arguments[0]) : given;
    const found = ts.isObjectLiteralExpression(object) ? nameOf(property(object, names)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function property(object: ts.ObjectLiteralExpression, names: RegExp): ts.Expression | undefined {
  for (const each of object.properties) {
    if (ts.isPropertyAssignment(each) && names.test(each.name.getText())) return each.initializer;
    if (ts.isShorthandPropertyAssignment(each) && names.test(each.name.text)) return each.name;
  }
  return undefined;
}

/** `stock:*` of `` `stock:${sku}` ``, and of `"stock:" + sku`. */
function keyOf(node: ts.Expression | undefined): string | undefined {
  const given = node && skipOuter(node);
  if (given === undefined) return undefined;
  const array = ts.isArrayLiteralExpression(given) ? given.elements[0] : undefined;
  if (array !== undefined) return keyOf(array);
  const text = textOf(given);
  if (text !== undefined) return text;
  if (ts.isCallExpression(given)) return `${given.expression.getText().replace(/^.*\./, "")}(…)`;
  return undefined;
}

/** A literal, a constant, or what the code calls it: `Topics.orders`. */
function nameOf(node: ts.Node | undefined): string | undefined {
  if (node === undefined || !ts.isExpression(node)) return undefined;
  const given = skipOuter(node);
  const text = textOf(given);
  if (text !== undefined) return text;
  if (ts.isPropertyAccessExpression(given))
    return given
      .getText()
      .replace(/^this\./, "")
      .replace(/^process\.env\./, "$");
  return ts.isIdentifier(given) ? given.text : undefined;
}

/** What varies is a star. */
export function textOf(node: ts.Expression, depth = 0): string | undefined {
  const given = skipOuter(node);
  if (ts.isStringLiteralLike(given)) return given.text;
  if (ts.isTemplateExpression(given))
    return (
      given.head.text +
      given.templateSpans.map(({ expression, literal }) => `${constant(expression, depth)}${literal.text}`).join("")
    );
  if (ts.isBinaryExpression(given) && given.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(given.left, depth), textOf(given.right, depth)];
    return left === undefined && right === undefined ? undefined : `${left ?? "*"}${right ?? "*"}`;
  }
  if (ts.isIdentifier(given) && depth < 3) {
    const named = lookUp(given.text, given);
    const initial = named !== undefined && ts.isVariableDeclaration(named) ? named.initializer : undefined;
    return initial && textOf(initial, depth + 1);
  }
  if (ts.isObjectLiteralExpression(given)) {
    const text = property(given, /^(?:text|sql|query)$/);
    return text && textOf(text, depth + 1);
  }
  return undefined;
}

function constant(node: ts.Expression, depth: number): string {
  const text = ts.isIdentifier(skipOuter(node)) ? textOf(node, depth) : undefined;
  return text ?? "*";
}
