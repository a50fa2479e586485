import { ts } from "ts-morph";
import type { StoreCall } from "./call-nodes.js";
import { findMember } from "./classes.js";
import type { Extraction } from "./extraction.js";
import { type FunctionNode, isFunctionNode, memberName } from "./scopes.js";
import { isTelling } from "./store-actions.js";
import { clientOf } from "./stores.js";
import { calledMark, callsOf, givesHandle, opensScope, type StoreValue, type Value } from "./values.js";
import { givesPromise, waitingFor } from "./waiting.js";

/**
 * The operation that a call on a store is: the last call of a chain, such as `db.from("orders").insert(order)`, if its
 * result is waited for or known to be a promise. What is called for something else (`on`, `release`, a step of a
 * builder) is none.
 */
export function storeOperation(
  x: Extraction,
  value: StoreValue,
  node: StoreCall,
): (Value & { readonly kind: "operation" }) | undefined {
  const { id, chain } = value;
  const name = chain.at(-1) ?? (ts.isTaggedTemplateExpression(node) ? tagName(node) : undefined);
  if (name === undefined || name.endsWith(calledMark) || givesHandle(value)) return undefined;
  if (isContinued(node) || isScope(x, value, node)) return undefined;
  const waiting = waitingFor(x, node);
  if (waiting !== "waited for") {
    const isKnown = waiting === "returned" || isKnownPromise(x, value) || isSentAtOnce(x, value);
    if (!isKnown || !isTelling(x, [...callsOf(value), name], node)) return undefined;
  }
  return { kind: "operation", cell: { kind: "store", id, chain: chain.slice(0, -1) }, name };
}

/** Of `this.sql\`…\`` the name of the store, which is a function itself. */
function tagName({ tag }: ts.TaggedTemplateExpression): string {
  return ts.isPropertyAccessExpression(tag) ? tag.name.text : tag.getText();
}

/** What happens in the scope are operations; opening it is none. */
function isScope(x: Extraction, value: StoreValue, node: StoreCall): boolean {
  return (
    opensScope(value) &&
    ts.isCallExpression(node) &&
    node.arguments.some((each) => {
      const { kind } = x.evaluate(each);
      return kind === "function" || kind === "parameter" || kind === "collection";
    })
  );
}

const promiseMethods = new Set(["then", "catch", "finally"]);

/** The next call of the chain is the one that counts. */
function isContinued(node: ts.Node): boolean {
  let holder = node;
  while (ts.isNonNullExpression(holder.parent) || ts.isParenthesizedExpression(holder.parent)) holder = holder.parent;
  const member = holder.parent;
  if (!ts.isPropertyAccessExpression(member) || member.expression !== holder || promiseMethods.has(member.name.text))
    return false;
  let outer: ts.Node = member;
  while (ts.isPropertyAccessExpression(outer.parent) && outer.parent.expression === outer) outer = outer.parent;
  return ts.isCallExpression(outer.parent) && outer.parent.expression === outer;
}

/** Clients all of whose operations give promises. */
const promising =
  /^(?:ioredis|redis|pg|pg-pool|kafkajs|mongodb|mongoose|bullmq|keyv|@prisma\/client|mysql2\/promise|@elastic\/elasticsearch|@opensearch-project\/opensearch)$/;

/** Clients that put a message into a buffer and return at once: nobody can wait for what they do. */
const buffering = /^(?:amqplib(?:\/callback_api)?|mqtt|nats|node-rdkafka|ws)$/;
const sends = /^(?:publish|send|sendToQueue|produce|write)$/;

export function isSentAtOnce(x: Extraction, { id, chain }: StoreValue): boolean {
  const node = x.storeNode(id);
  return node !== undefined && sends.test(chain.at(-1) ?? "") && buffering.test(clientOf(node).from ?? "");
}

/** Nobody waits, but a promise it is: by the declared type of the method, or by the client. */
function isKnownPromise(x: Extraction, { id, chain }: StoreValue): boolean {
  const node = x.storeNode(id);
  if (node === undefined || chain.length !== 1) return false;
  const method = methodOf(x, node, chain[0] ?? "");
  if (method !== undefined) return givesPromise(method);
  return promising.test(clientOf(node).from ?? "");
}

function methodOf(x: Extraction, node: ts.Node, name: string): ts.SignatureDeclaration | undefined {
  const { type } = node as ts.PropertyDeclaration;
  const value = type === undefined ? undefined : x.type(type);
  if (value?.kind === "instance") return functionIn(findMember(x, value.of, name, "instance")?.node);
  const member = value?.kind === "type" ? value.members.find((each) => memberName(each) === name) : undefined;
  if (member === undefined || ts.isMethodSignature(member)) return member;
  const declared = ts.isPropertySignature(member) ? member.type : undefined;
  return declared !== undefined && ts.isFunctionTypeNode(declared) ? declared : undefined;
}

function functionIn(node: ts.Node | undefined): FunctionNode | undefined {
  return node !== undefined && isFunctionNode(node) ? node : undefined;
}
