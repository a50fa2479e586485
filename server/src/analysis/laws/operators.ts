import { ts } from "ts-morph";
import { Callable, type Data, Undecidable, Unknown, Word } from "./data.js";

export function truthy(value: Data): boolean {
  if (value instanceof Unknown) throw new Undecidable();
  return value instanceof Word ? value.text !== "" : Boolean(value);
}

/** `===`. Whether a user's text is one of the program's is not known, unless that is empty. */
export function equal(a: Data, b: Data): boolean {
  if (a instanceof Callable || b instanceof Callable) throw new Undecidable();
  if (a instanceof Unknown !== b instanceof Unknown) throw new Undecidable();
  if (typeof a === "string" && b instanceof Word) return equal(b, a);
  if (a instanceof Word && typeof b === "string") {
    if (b !== "") throw new Undecidable();
    return false;
  }
  return a === b;
}

/** Less than zero where `a` comes first, for two numbers or two texts. */
export function order(a: Data, b: Data): number {
  if (a instanceof Word && b instanceof Word) return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  throw new Undecidable();
}

export function operate(kind: ts.SyntaxKind, a: Data, b: Data): Data {
  switch (kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return equal(a, b);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return !equal(a, b);
    case ts.SyntaxKind.LessThanToken:
      return order(a, b) < 0;
    case ts.SyntaxKind.LessThanEqualsToken:
      return order(a, b) <= 0;
    case ts.SyntaxKind.GreaterThanToken:
      return order(a, b) > 0;
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return order(a, b) >= 0;
    case ts.SyntaxKind.PlusToken:
      return add(a, b);
    default:
      return calculate(kind, a, b);
  }
}

function add(a: Data, b: Data): Data {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") return a + b;
  const parts = [a, b].map((each) => (each instanceof Word ? each.text : each));
  if (parts.every((each) => typeof each === "string" || typeof each === "number")) return Word.of(parts.join(""));
  throw new Undecidable();
}

function calculate(kind: ts.SyntaxKind, a: Data, b: Data): number {
  if (typeof a !== "number" || typeof b !== "number") throw new Undecidable();
  switch (kind) {
    case ts.SyntaxKind.MinusToken:
      return a - b;
    case ts.SyntaxKind.AsteriskToken:
      return a * b;
    case ts.SyntaxKind.SlashToken:
      return a / b;
    case ts.SyntaxKind.PercentToken:
      return a % b;
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return a ** b;
    case ts.SyntaxKind.BarToken:
      return a | b;
    case ts.SyntaxKind.AmpersandToken:
      return a & b;
    case ts.SyntaxKind.CaretToken:
      return a ^ b;
    default:
      throw new Undecidable();
  }
}
