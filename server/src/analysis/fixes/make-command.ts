import { ts } from "ts-morph";
import type { Fix } from "../../documents/finding.js";
import type { Annotation } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { Edits } from "./edits.js";

/** `@Command()` in place of `@Query()`. */
export function makeCommand(view: View, query: Annotation, method: string): Fix | undefined {
  const decorator = nodeOf(query.site);
  if (decorator === undefined || !ts.isDecorator(decorator)) return undefined;
  const { expression } = decorator;
  const edits = new Edits(view.sources.x);
  const name = edits.name(decorator.getSourceFile(), "Command", {
    like: ts.isCallExpression(expression) ? expression.expression : expression,
  });
  edits.replace(decorator, `@${name}()`);
  return edits.toFix(`Make \`${method}\` a \`@Command()\``, "suggested");
}
