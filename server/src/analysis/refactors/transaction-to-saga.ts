import { saga } from "../fixes/saga.js";
import { offerOf, type Refactoring } from "./refactor.js";
import { isAnnotated, methodAt } from "./spot.js";

/** For what is too long, or at too many levels, to be held back until a commit: each step stands, and is undone if need be. */
export const transactionToSaga: Refactoring = {
  id: "transactionToSaga",
  kind: "rewrite",
  offersAt(spot) {
    const node = methodAt(spot);
    if (node === undefined || !isAnnotated(spot.view, node, "Transaction") || isAnnotated(spot.view, node, "Saga"))
      return [];
    const method = spot.view.method(node.parent as Parameters<typeof spot.view.method>[0], node, node);
    const changed = method.effects.filter(({ access }) => access !== "read").map(({ cell }) => cell);
    return offerOf(saga(spot.view, method, [...new Set(changed)]));
  },
};
