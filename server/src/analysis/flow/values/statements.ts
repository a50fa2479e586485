import { ts } from "ts-morph";
import { choose } from "./choices.js";
import { guardsOf } from "./conditions.js";
import { nameText } from "./patterns.js";
import type { JumpTarget, Run } from "./run.js";
import {
  addGuards,
  chosenBy,
  elementOf,
  exit,
  type Flowing,
  type Guard,
  guardKey,
  joinFlowing,
  nothing,
  withSources,
} from "./sources.js";
import { enter, forgetExits, joinStates, joinVariables, onlyThrowing, type State, sameState } from "./state.js";

export function executeStatement(run: Run, node: ts.Node): void {
  if (run.state === undefined) return;
  if (ts.isBlock(node) || ts.isModuleBlock(node)) {
    for (const statement of node.statements) run.execute(statement);
  } else if (ts.isVariableStatement(node)) declare(run, node.declarationList);
  else if (ts.isExpressionStatement(node)) run.evaluate(node.expression);
  else if (ts.isIfStatement(node)) executeIf(run, node);
  else if (ts.isReturnStatement(node)) executeReturn(run, node);
  else if (ts.isThrowStatement(node)) executeThrow(run, node);
  else if (ts.isIterationStatement(node, false)) executeLoop(run, node, undefined);
  else if (ts.isSwitchStatement(node)) executeSwitch(run, node, undefined);
  else if (ts.isTryStatement(node)) executeTry(run, node);
  else if (ts.isBreakOrContinueStatement(node)) executeJump(run, node);
  else if (ts.isLabeledStatement(node)) executeLabeled(run, node);
  else if (ts.isExportAssignment(node)) run.evaluate(node.expression);
}

function declare(run: Run, list: ts.VariableDeclarationList): void {
  for (const { name, initializer } of list.declarations) {
    if (initializer?.kind === ts.SyntaxKind.ThisKeyword) run.bind(name, fieldsIn(run, name));
    else if (initializer !== undefined) run.bind(name, run.evaluate(initializer));
    else if (ts.isIdentifier(name)) run.bind(name, nothing);
  }
}

/** `const { cached } = this` */
function fieldsIn(run: Run, pattern: ts.BindingName): Flowing {
  const members = new Map<string, Flowing>();
  for (const element of ts.isObjectBindingPattern(pattern) ? pattern.elements : []) {
    const name = nameText(element.propertyName ?? element.name);
    const reference = run.reference(element);
    if (name === undefined || reference?.kind !== "place") continue;
    members.set(name, run.state?.variables.get(`this.${name}`) ?? run.contentOf(reference.place));
  }
  return { sources: nothing.sources, members };
}

function executeIf(run: Run, node: ts.IfStatement): void {
  const { whenTrue, whenFalse } = run.test(node.expression);
  choose(run, [
    { entering: whenTrue, body: () => run.execute(node.thenStatement) },
    { entering: whenFalse, body: () => node.elseStatement && run.execute(node.elseStatement) },
  ]);
}

function executeReturn(run: Run, node: ts.ReturnStatement): void {
  const value = node.expression === undefined ? nothing : run.evaluate(node.expression);
  const frame = run.frames.at(-1);
  if (run.state === undefined || frame === undefined) return;
  const chosen = guardsSince(run.state, frame.base).filter((guard) => !onlyThrowing(guard));
  frame.returned = joinFlowing(frame.returned, withSources(value, chosenBy(chosen)));
  frame.ends.push(run.state);
  leave(run, exit.return);
}

function executeThrow(run: Run, node: ts.ThrowStatement): void {
  run.evaluate(node.expression);
  const { state } = run;
  if (state === undefined) return;
  const handler = run.handlers.at(-1);
  if (handler === undefined) run.recordThrow(node, state.guards);
  else handler.raised.push(...state.guards);
  leave(run, exit.throw);
}

function leave(run: Run, how: number): void {
  run.state = undefined;
  run.exits |= how;
}

function guardsSince(state: State, base: readonly Guard[]): readonly Guard[] {
  if (state.guards.length === base.length) return [];
  const known = new Set(base.map(guardKey));
  return state.guards.filter((each) => !known.has(guardKey(each)));
}

/** Most loops are stable after two rounds; each round only adds sources, of which there are finitely many. */
const mostRounds = 8;

function executeLoop(run: Run, node: ts.IterationStatement, label: string | undefined): void {
  if (ts.isForStatement(node) && node.initializer !== undefined) {
    if (ts.isVariableDeclarationList(node.initializer)) declare(run, node.initializer);
    else run.evaluate(node.initializer);
  }
  const before = run.state;
  const outer = run.exits;
  if (before === undefined) return;
  const target: JumpTarget = { node, label, isLoop: true, breaks: [], continues: [] };
  const targets = run.targets;
  run.targets = [...targets, target];
  let entry: State = before;
  let leaving: State | undefined;
  if (ts.isDoStatement(node)) {
    run.execute(node.statement);
    entry = joinStates(run.state, ...target.continues) ?? before;
  }
  for (let round = 0; round < mostRounds; round++) {
    const { end, guards, atTest } = executeRound(run, node, entry, target);
    leaving = atTest;
    const next = nextEntry(entry, end, guards);
    if (sameState(entry, next)) break;
    entry = next;
  }
  run.targets = targets;
  run.state = forgetExits(joinStates(leaving, ...target.breaks), exit.break | exit.continue, before.guards);
  run.exits = outer | (run.exits & ~(exit.break | exit.continue));
}

interface Round {
  /** After the body, or where it was left for the next round. */
  readonly end: State | undefined;
  /** What has to hold for the body to be entered. */
  readonly guards: readonly Guard[];
  /** Where the loop is left. */
  readonly atTest: State | undefined;
}

function executeRound(run: Run, node: ts.IterationStatement, entry: State, target: JumpTarget): Round {
  run.state = entry;
  const guards = enterBody(run, node);
  const atTest = run.state;
  if (run.state !== undefined) run.state = enter(run.state, guards);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) bindEach(run, node);
  run.execute(node.statement);
  run.state = joinStates(run.state, ...target.continues);
  if (ts.isForStatement(node) && node.incrementor !== undefined && run.state !== undefined)
    run.evaluate(node.incrementor);
  return { end: run.state, guards, atTest };
}

function enterBody(run: Run, node: ts.IterationStatement): readonly Guard[] {
  if (ts.isForOfStatement(node) || ts.isForInStatement(node))
    return guardsOf(run.evaluate(node.expression), node.expression, "present");
  const condition = ts.isForStatement(node)
    ? node.condition
    : ts.isWhileStatement(node) || ts.isDoStatement(node)
      ? node.expression
      : undefined;
  return condition === undefined ? [] : run.test(condition).whenTrue;
}

function bindEach(run: Run, node: ts.ForOfStatement | ts.ForInStatement): void {
  const element = elementOf(run.evaluate(node.expression));
  if (ts.isVariableDeclarationList(node.initializer)) {
    for (const { name } of node.initializer.declarations) run.bind(name, element);
  } else run.bind(node.initializer, element);
}

/** How often the body ran chose what its variables hold. */
function nextEntry(entry: State, end: State | undefined, guards: readonly Guard[]): State {
  if (end === undefined) return entry;
  const lasting = guardsSince(end, [...entry.guards, ...guards]).filter((each) => each.exits !== 0);
  const chosen = chosenBy([...guards, ...lasting]);
  const variables = joinVariables([entry.variables, end.variables], (value) => withSources(value, chosen));
  if (lasting.length === 0) return { variables, guards: entry.guards };
  const exits = lasting.reduce((all, each) => all | each.exits, 0);
  return { variables, guards: addGuards(entry.guards, [...lasting, ...guards.map((each) => ({ ...each, exits }))]) };
}

function executeSwitch(run: Run, node: ts.SwitchStatement, label: string | undefined): void {
  const guards = guardsOf(run.evaluate(node.expression), node.expression, "compared");
  const before = run.state;
  if (before === undefined) return;
  const { clauses } = node.caseBlock;
  const targets = run.targets;
  const bodies = clauses.map((_, index) => ({
    entering: guards,
    body: () => {
      const target: JumpTarget = { node, label, isLoop: false, breaks: [], continues: [] };
      run.targets = [...targets, target];
      for (const clause of clauses.slice(index)) for (const statement of clause.statements) run.execute(statement);
      run.state = joinStates(run.state, ...target.breaks);
      run.exits &= ~exit.break;
      run.targets = targets;
    },
  }));
  const hasDefault = clauses.some(ts.isDefaultClause);
  choose(run, hasDefault ? bodies : [...bodies, { entering: guards, body: () => undefined }]);
  run.state = forgetExits(run.state, exit.break, before.guards);
}

function executeJump(run: Run, node: ts.BreakOrContinueStatement): void {
  const isContinue = ts.isContinueStatement(node);
  const target = run.targets.findLast((each) =>
    node.label === undefined ? each.isLoop || !isContinue : each.label === node.label.text,
  );
  if (run.state !== undefined) (isContinue ? target?.continues : target?.breaks)?.push(run.state);
  leave(run, isContinue ? exit.continue : exit.break);
}

function executeLabeled(run: Run, node: ts.LabeledStatement): void {
  const { statement, label } = node;
  if (ts.isIterationStatement(statement, false)) executeLoop(run, statement, label.text);
  else if (ts.isSwitchStatement(statement)) executeSwitch(run, statement, label.text);
  else executeLabeledBlock(run, node);
}

function executeLabeledBlock(run: Run, node: ts.LabeledStatement): void {
  const { statement, label } = node;
  const before = run.state?.guards ?? [];
  const target: JumpTarget = { node, label: label.text, isLoop: false, breaks: [], continues: [] };
  const targets = run.targets;
  run.targets = [...targets, target];
  run.execute(statement);
  run.targets = targets;
  run.state = forgetExits(joinStates(run.state, ...target.breaks), exit.break, before);
}

/** The ways in which conditions that hold since then would have left otherwise. */
function exitsSince(state: State, base: readonly Guard[]): number {
  return guardsSince(state, base).reduce((all, { exits }) => all | exits, 0);
}

function executeTry(run: Run, node: ts.TryStatement): void {
  const before = run.state;
  if (before === undefined) return;
  const { catchClause, finallyBlock } = node;
  if (catchClause === undefined) run.execute(node.tryBlock);
  else executeCatch(run, node, catchClause, before);
  if (finallyBlock === undefined) return;
  const left = run.state === undefined;
  run.state ??= before;
  run.execute(finallyBlock);
  if (left) run.state = undefined;
}

function executeCatch(run: Run, node: ts.TryStatement, clause: ts.CatchClause, before: State): void {
  const handler = { variables: new Map(before.variables), raised: [] as Guard[] };
  const outer = run.exits;
  run.exits = 0;
  run.handlers.push(handler);
  run.execute(node.tryBlock);
  run.handlers.pop();
  const tried = run.state;
  const triedExits = run.exits & ~exit.throw;
  run.exits = 0;
  const variables = joinVariables([before.variables, handler.variables]);
  run.state = {
    variables,
    guards: addGuards(
      before.guards,
      handler.raised.map((each) => ({ ...each, exits: 0 })),
    ),
  };
  if (clause.variableDeclaration !== undefined) run.bind(clause.variableDeclaration.name, nothing);
  run.execute(clause.block);
  const caught = run.state;
  const caughtExits = run.exits;
  run.exits |= outer | triedExits;
  if (caught !== undefined) {
    const met = forgetExits(tried, exit.throw, before.guards);
    const left = caughtExits | exitsSince(caught, before.guards);
    const raised = left === 0 ? [] : handler.raised.map((each) => ({ ...each, exits: left }));
    const handled = { ...caught, guards: addGuards(caught.guards, raised) };
    run.state = forgetExits(joinStates(met, handled), 0, before.guards);
    return;
  }
  // What would have been thrown leaves the way that the handler leaves.
  run.state = tried && {
    ...tried,
    guards: tried.guards.map((each) =>
      (each.exits & exit.throw) === 0 || before.guards.includes(each)
        ? each
        : { ...each, exits: (each.exits & ~exit.throw) | caughtExits },
    ),
  };
}
