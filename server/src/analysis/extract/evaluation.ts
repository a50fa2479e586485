import { callResult } from "./calls.js";
import { evaluate, evaluateDeclaration, returnOf, targetValue } from "./evaluate.js";
import type { Evaluation } from "./extraction.js";
import { memberValue } from "./members.js";
import { contextualParameter } from "./parameters.js";
import { storeOf } from "./stores.js";
import { evaluateType } from "./types.js";

/** The one way in which values are found. */
export const evaluation: Evaluation = {
  evaluate,
  declared: evaluateDeclaration,
  target: targetValue,
  type: evaluateType,
  member: memberValue,
  call: callResult,
  returned: returnOf,
  store: storeOf,
  contextual: contextualParameter,
};
