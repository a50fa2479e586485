import type { FunctionNode } from "../../extract/scopes.js";
import type { FunctionId } from "../../extract/values.js";
import { consult } from "../consulted.js";
import type { Sources } from "../view.js";

/** The function, of which whoever asks looks at the body: an edit there is a reason to judge again. */
export function functionRead(sources: Sources, id: FunctionId): FunctionNode | undefined {
  const run = sources.x.functionNode(id);
  if (run !== undefined) consult(sources, run);
  return run;
}
