import { ts } from "ts-morph";
import type { Extraction } from "./extraction.js";
import { fieldOf, type Origin, originOf } from "./origins.js";
import { type FunctionNode, lookUp, skipOuter } from "./scopes.js";
import type { FunctionId } from "./values.js";

/** What a call does that nobody can take back. */
export type OutsideKind = "request" | "e-mail" | "message" | "payment" | "file" | "process" | "log";

type Table = readonly (readonly [module: RegExp, name: RegExp, kind: OutsideKind])[];

const requests = /(?:^|\.)(?!(?:create|extend|is[A-Z]\w*|all|spread|use|getUri|defaults|mergeOptions)$)\w+$/;
const changes =
  /(?:^|\.)(?:write|append|output|rm|unlink|mkdir|rename|copy|cp|truncate|symlink|link|move|remove|ensure|empty)/;

/** By origin: the module, and what it calls the function. A client's methods follow the name of what made it. */
const outside: Table = [
  [/^$/, /^(?:globalThis\.|window\.|self\.)?(?:fetch|navigator\.sendBeacon)$/, "request"],
  [/^https?$/, /^(?:request|get)$/, "request"],
  [/^(?:http2|net|tls)$/, /^(?:connect|createConnection)$/, "request"],
  [/^undici$/, /^(?:fetch|request|stream|pipeline)$/, "request"],
  [
    /^(?:axios|got|ky|superagent|needle|ofetch|node-fetch|cross-fetch|isomorphic-fetch|request|phin)$/,
    requests,
    "request",
  ],
  [/^@nestjs\/axios$/, /\.(?:axiosRef\.)?(?:get|post|put|patch|delete|head|request)$/, "request"],
  [/^(?:nodemailer|@nestjs-modules\/mailer)$/, /\.sendMail$/, "e-mail"],
  [/^@sendgrid\/mail$/, /(?:^|\.)(?:send|sendMultiple)$/, "e-mail"],
  [/^(?:postmark|resend|mailgun\.js|emailjs|@getbrevo\/brevo)$/, /(?:^|\.)(?:send|create)\w*$/, "e-mail"],
  [/^@aws-sdk\/client-(?:ses|sesv2|pinpoint)$/, /\.send\w*$/, "e-mail"],
  [
    /^@aws-sdk\/client-(?:sqs|sns|eventbridge|kinesis|firehose|iot-data-plane)$/,
    /\.(?:send|publish|put)\w*$/,
    "message",
  ],
  [/^@aws-sdk\/client-/, /\.send$/, "request"],
  [/^(?:kafkajs|@confluentinc\/kafka-javascript)$/, /\.(?:send|sendBatch)$/, "message"],
  [/^(?:amqplib|amqp-connection-manager)(?:\/|$)/, /\.(?:sendToQueue|publish)$/, "message"],
  [/^(?:bull|bullmq)$/, /\.(?:add|addBulk)$/, "message"],
  [/^pg-boss$/, /\.(?:send|publish|insert)\w*$/, "message"],
  [
    /^(?:nats|@nats-io\/[\w-]+|mqtt|ioredis|redis|@google-cloud\/pubsub)$/,
    /\.(?:publish|publishMessage|request)$/,
    "message",
  ],
  [/^@azure\/(?:service-bus|event-hubs|storage-queue)$/, /\.send\w*$/, "message"],
  [/^(?:web-push|firebase-admin(?:\/messaging)?)$/, /(?:^|\.)send\w*$/, "message"],
  [/^@slack\/(?:web-api|webhook|bolt)$/, /(?:^|\.)(?:postMessage|send|update|upload)$/, "message"],
  [/^(?:twilio|messagebird|@vonage\/server-sdk)$/, /(?:^|\.)(?:create|send)$/, "message"],
  [/^(?:ws|socket\.io|@nestjs\/microservices)$/, /\.(?:send|emit)$/, "message"],
  [/^(?:stripe|braintree|square|@paypal\/[\w-]+|@mollie\/api-client|razorpay)$/, /\.[\w.]+$/, "payment"],
  [/^(?:fs|fs\/promises|fs-extra|graceful-fs)$/, changes, "file"],
  [/^(?:child_process|execa|cross-spawn)$/, /./, "process"],
];

/** Objects that are given to a class, by what they or their types are called, and what they are asked to do. */
const evident: Table = [
  [
    /(?:e?mail(?:er|s)?|smtp|postman|newsletter)(?:service|client|sender|gateway|port|api)?$/i,
    /^(?:send|deliver|mail|email|post|notify|queue)/,
    "e-mail",
  ],
  [
    /(?:notif(?:ier|ications?)|sms|slack|webhooks?|push|sender|messenger|messaging|pager|alerts?)(?:service|client|sender|gateway|port|api)?$/i,
    /^(?:send|deliver|post|notify|push|publish|call|alert)/,
    "message",
  ],
  [
    /(?:producer|publisher|queue|broker|topic|kafka|rabbit(?:mq)?|amqp|sqs|sns|pubsub|(?:event|message)(?:bus|s))(?:service|client|gateway|port|channel)?$/i,
    /^(?:send|publish|enqueue|produce)/,
    "message",
  ],
  [
    /(?:payments?|stripe|paypal|billing|psp|acquirer)(?:service|client|gateway|provider|processor|port|api)?$/i,
    /^(?:charge|capture|refund|authori[sz]e|pay$|payout|payOut|bill$)/,
    "payment",
  ],
  [/(?:http|rest|api)(?:service|client|gateway)?$/i, /^(?:get|post|put|patch|delete|request|fetch|call)$/, "request"],
];

/** A function of which only the name is known. */
const named: readonly (readonly [RegExp, OutsideKind])[] = [
  [/^(?:send|deliver|queue)\w*(?:E-?mail|Mail|Newsletter|Receipt|Invoice|Confirmation)s?$/i, "e-mail"],
  [/^(?:send|post|push)\w*(?:Sms|Message|Notification|Push|Webhook|Alert)s?$/i, "message"],
  [/^(?:notify|publish|enqueue)[A-Z]\w*$/, "message"],
  [/^(?:notify|notifyAll)$/, "message"],
  [/^(?:charge|refund|capture)(?:Card|Customer|Payment|CreditCard)$/, "payment"],
];

const loggers = /^(?:console|log|logger|logging|winston|pino|audit)$/i;
const logMethods = /^(?:log|debug|info|warn|warning|error|trace|fatal|verbose)$/;

/** What a call does outside, by where its function comes from, else by names that leave no doubt. */
export function outsideCall(
  x: Extraction,
  node: ts.CallExpression,
  functionOf: (id: FunctionId) => FunctionNode | undefined,
): OutsideKind | undefined {
  const callee = skipOuter(node.expression);
  const origin = originOf(x, callee);
  const known = origin === undefined ? undefined : find(outside, origin);
  if (known !== undefined) return known;
  if (isLog(callee, origin)) return "log";
  const value = x.evaluate(callee);
  if (value.kind === "function" && !isStub(functionOf(value.id)?.body)) return undefined;
  if (!["function", "unknown", "plain", "parameter"].includes(value.kind)) return undefined;
  if (ts.isIdentifier(callee)) {
    const isGlobal = lookUp(callee.text, callee) === undefined;
    return isGlobal ? undefined : named.find(([name]) => name.test(callee.text))?.[1];
  }
  return ts.isPropertyAccessExpression(callee) ? evidentKind(x, callee) : undefined;
}

function find(table: Table, { module, name }: Origin): OutsideKind | undefined {
  return table.find(([modules, names]) => modules.test(module) && names.test(name))?.[2];
}

/** `mailer.send(…)`, `this.payments.charge(…)`: by the declared type, else by the name of the field or parameter. */
function evidentKind(x: Extraction, callee: ts.PropertyAccessExpression): OutsideKind | undefined {
  const receiver = skipOuter(callee.expression);
  const method = callee.name.text;
  const isField = ts.isPropertyAccessExpression(receiver) && receiver.expression.kind === ts.SyntaxKind.ThisKeyword;
  if (receiver.kind === ts.SyntaxKind.ThisKeyword) return named.find(([name]) => name.test(method))?.[1];
  if (!isField && !ts.isIdentifier(receiver)) return undefined;
  const held = x.evaluate(receiver);
  if (
    held.kind === "collection" ||
    held.kind === "object" ||
    held.kind === "literal" ||
    held.kind === "runtime" ||
    held.kind === "result"
  )
    return undefined;
  const names = [isField ? receiver.name.text : (receiver as ts.Identifier).text, typeName(x, receiver)];
  for (const name of names) {
    if (name === undefined) continue;
    const kind = evident.find(
      ([receivers, methods]) => receivers.test(name.replace(/^[#_]+/, "")) && methods.test(method),
    );
    if (kind !== undefined) return kind[2];
  }
  return undefined;
}

function typeName(x: Extraction, receiver: ts.Expression): string | undefined {
  if (ts.isIdentifier(receiver)) {
    const declaration = lookUp(receiver.text, receiver);
    const type =
      declaration && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
        ? declaration.type
        : undefined;
    return type?.getText().replace(/<.*$/, "");
  }
  const value = x.evaluate(receiver);
  if (value.kind === "instance") return value.of.replace(/^.*#/, "");
  const field = ts.isPropertyAccessExpression(receiver) ? fieldOf(receiver, receiver.name.text) : undefined;
  return field?.type?.getText().replace(/<.*$/, "");
}

/** Nothing in it, or a word to the console in place of what it will do: its name is what it means. */
function isStub(body: ts.Node | undefined): boolean {
  if (body === undefined) return true;
  if (!ts.isBlock(body)) return body.kind === ts.SyntaxKind.VoidExpression || body.getText() === "undefined";
  return body.statements.every((each) => {
    if (ts.isReturnStatement(each))
      return each.expression === undefined || each.expression.getText() === "Promise.resolve()";
    return ts.isExpressionStatement(each) && /^(?:void\b|console\.)/.test(each.expression.getText());
  });
}

function isLog(callee: ts.Expression, origin: Origin | undefined): boolean {
  if (!ts.isPropertyAccessExpression(callee) || !logMethods.test(callee.name.text)) return false;
  if (origin?.module === "") return /^console\.\w+$/.test(origin.name);
  const receiver = skipOuter(callee.expression);
  const name = ts.isPropertyAccessExpression(receiver)
    ? receiver.name.text
    : ts.isIdentifier(receiver)
      ? receiver.text
      : "";
  return loggers.test(name.replace(/^[#_]+/, ""));
}
