import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import type { MechanismCall } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";
import { indentOf } from "./move-after.js";

/** Replaces the values of options and adds those that are missing; only in an object that is written in the call itself. */
export function configure(
  view: View,
  call: MechanismCall,
  options: MechanismCall["options"],
  kind: Fix["kind"],
): Fix | undefined {
  const node = nodeOf(call.site);
  if (node === undefined || !ts.isCallExpression(node)) return undefined;
  const changes = Object.entries(options).filter(([name, value]) => call.options[name] !== value);
  const edits = new Edits(view.sources.x);
  const texts = changes.map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const [given] = node.arguments;
  if (given === undefined) edits.insert(node.getSourceFile(), node.arguments.pos, `{ ${texts.join(", ")} }`);
  else if (!ts.isObjectLiteralExpression(given)) return undefined;
  else {
    const missing: string[] = [];
    for (const [index, [name]] of changes.entries()) {
      const property = given.properties.find((each) => each.name?.getText() === name);
      if (property === undefined) missing.push(texts[index] as string);
      else edits.replace(property, texts[index] as string);
    }
    if (missing.length > 0) add(edits, given, missing);
  }
  return edits.toFix(`Set ${texts.map((text) => `\`${text}\``).join(", ")}`, kind);
}

/** Adds properties as the object is written: behind the last one, or on lines of their own. */
export function add(edits: Edits, object: ts.ObjectLiteralExpression, texts: readonly string[]): void {
  const last = object.properties.at(-1);
  if (last === undefined) {
    edits.replace(object, `{ ${texts.join(", ")} }`);
    return;
  }
  const tree = object.getSourceFile();
  const isOnLines = tree.text.slice(last.getEnd(), object.getEnd()).includes("\n");
  const separator = isOnLines ? `,\n${indentOf(tree, last)}` : ", ";
  edits.insert(tree, last.getEnd(), texts.map((text) => separator + text).join(""));
}
