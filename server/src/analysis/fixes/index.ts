import { compareLevels, type Level } from "../../../../runtime/src/levels.js";
import type { Fix } from "../../documents/finding.js";
import type { Annotation, Cell } from "../model.js";
import { nodeOf } from "../sites.js";
import type { View } from "../view/view.js";
import { awaitOperation } from "./await-operation.js";
import { keepLogOrder, lastWriterWins } from "./clock-order.js";
import { compensate } from "./compensate.js";
import { configure } from "./configure.js";
import { copyInput } from "./copy-input.js";
import { Edits } from "./edits.js";
import { eventualCounter } from "./eventual-counter.js";
import { fieldToCell } from "./field-to-cell.js";
import type { Fixes } from "./fixes.js";
import { hoist } from "./hoist.js";
import { agreedSequence, randomIdentity } from "./identity.js";
import { insertIfAbsent } from "./insert-if-absent.js";
import { leaveRetry } from "./leave-retry.js";
import { decorators, writeLevel } from "./levels.js";
import { makeCommand } from "./make-command.js";
import { makeReadonly } from "./make-readonly.js";
import { makeTransaction } from "./make-transaction.js";
import { chooseMerge, collection, removeWins } from "./merge.js";
import { moveAfterTransaction } from "./move-after.js";
import { openInstead } from "./open-instead.js";
import { readWriteModel } from "./read-write-model.js";
import { give, parameterProperty, readAtOwnLevel, relevel, unlabel } from "./relevel.js";
import { runAfter } from "./reorder.js";
import { rethrowIndeterminate } from "./rethrow.js";
import { compensation, saga } from "./saga.js";
import { carryCausality, readInSameSession } from "./same-session.js";
import { setTimeLimit } from "./set-time-limit.js";
import { disableNextLine, removeSuppression, renameInSuppression } from "./suppressions.js";
import { timeToLive } from "./time-to-live.js";
import { countInstead, updateInstead } from "./update-instead.js";
import { endorse, readStronger } from "./weak-reads.js";

export function createFixes(view: View): Fixes {
  return {
    raise: (cells, level) =>
      setLevel(
        view,
        cells.filter((cell) => cell.level === undefined || compareLevels(cell.level, level) < 0),
        level,
        "Raise",
      ),
    weaken: (cells, level) => setLevel(view, cells, level, "Weaken"),
    unlabel: (label) => unlabel(view, label),
    give: (cell, level) => give(view, cell, level),
    relevel: (annotation, level) => relevel(view, annotation, level),
    readAtOwnLevel: (read) => readAtOwnLevel(view, read),
    parameterProperty: (target) => parameterProperty(view, target),
    compensation: (method) => compensation(view, method),
    chooseMerge: (cell, choice) => chooseMerge(view, cell, choice),
    randomIdentity: (identity) => randomIdentity(view, identity),
    agreedSequence: (identity) => agreedSequence(view, identity),
    removeWins: (cell) => removeWins(view, cell),
    collection: (cell) => collection(view, cell),
    configure: (call, options, kind) => configure(view, call, options, kind),
    defaultMechanism: (cells) => defaultMechanism(view, cells),
    removeAnnotation: (annotation, title) => removeAnnotations(view, [annotation], title),
    removeAnnotations: (annotations, title) => removeAnnotations(view, annotations, title),
    moveAfterTransaction: (method, moved, steps) => moveAfterTransaction(view, method, moved, steps),
    saga: (method, changed) => saga(view, method, changed),
    compensate: (method, first, second) => compensate(view, method, first, second),
    runAfter: (moved, awaited, until) => runAfter(view, moved, awaited, until),
    timeToLive: (fill) => timeToLive(view, fill),
    eventualCounter: (cell) => eventualCounter(view, cell),
    setTimeLimit: (limit, ms, title) => setTimeLimit(view, limit, ms, title),
    openInstead: (construction) => openInstead(view, construction),
    fieldToCell: (field) => fieldToCell(view, field),
    rethrowIndeterminate: (handler) => rethrowIndeterminate(view, handler),
    leaveRetry: (retry) => leaveRetry(view, retry),
    readWriteModel: (read) => readWriteModel(view, read),
    makeReadonly: (event) => makeReadonly(view, event),
    makeCommand: (query, method) => makeCommand(view, query, method),
    awaitOperation: (floating) => awaitOperation(view, floating),
    readStronger: (reads, level) => readStronger(view, reads, level),
    readInSameSession: (stale) => readInSameSession(view, stale),
    carryCausality: (stale) => carryCausality(view, stale),
    endorse: (reads) => endorse(view, reads),
    updateInstead: (pair, raiseTo) => updateInstead(view, pair, raiseTo),
    countInstead: (cell, pairs) => countInstead(view, cell, pairs),
    makeTransaction: (method, raised, level) => makeTransaction(view, method, raised, level),
    insertIfAbsent: (condition, read, write) => insertIfAbsent(view, condition, read, write),
    hoist: (impurity) => hoist(view, impurity),
    copyInput: (impurity) => copyInput(view, impurity),
    lastWriterWins: (order) => lastWriterWins(view, order),
    keepLogOrder: (order) => keepLogOrder(view, order),
    removeSuppression: (suppression, rules, kind) => removeSuppression(view, suppression, rules, kind),
    disableNextLine: (suppression) => disableNextLine(view, suppression),
    renameInSuppression: (suppression, from, to) => renameInSuppression(view, suppression, from, to),
  };
}

function setLevel(view: View, cells: readonly Cell[], level: Level, verb: string): Fix | undefined {
  if (cells.length === 0) return undefined;
  const edits = new Edits(view.sources.x);
  for (const cell of cells) if (!writeLevel(view, edits, cell, level)) return undefined;
  const names = cells.map((cell) => `\`${cell.name}\``);
  const list = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return edits.toFix(`${verb} ${list} to \`@${decorators[level]}()\``, "suggested");
}

function removeAnnotations(view: View, annotations: readonly Annotation[], title: string): Fix | undefined {
  const edits = new Edits(view.sources.x);
  for (const annotation of annotations) {
    const node = nodeOf(annotation.site);
    if (node === undefined) return undefined;
    edits.remove(node);
  }
  return edits.toFix(title, "suggested");
}

function defaultMechanism(view: View, cells: readonly Cell[]): Fix | undefined {
  const edits = new Edits(view.sources.x);
  for (const cell of cells) {
    const { level, ownsAnnotation } = cell;
    if (level === undefined || !ownsAnnotation || !writeLevel(view, edits, cell, level)) return undefined;
  }
  return edits.toFix(
    `Leave the mechanism of ${cells.map(({ name }) => `\`${name}\``).join(", ")} to the level`,
    "suggested",
  );
}
