import { basename } from "node:path";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { isTest, positionOf, repositoryFiles, sourceFiles } from "./source-files.js";

const maximumLines = 400;
/** Cases may follow one another for longer than code may. */
const maximumTestLines = 600;

// Words that say nothing about what a thing is. They may only be words of their own: `utilisation` is fine.
const emptyWords = new Set([
  "util",
  "utils",
  "utility",
  "utilities",
  "helper",
  "helpers",
  "manager",
  "managers",
  "misc",
]);

const files = sourceFiles();

describe("files", () => {
  it("stay readable: a source file that grows past 400 lines is two", () => {
    const long = files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    const limit = (path: string) => (isTest(path) ? maximumTestLines : maximumLines);
    expect(long.filter(({ path, lines }) => lines > limit(path))).toEqual([]);
  });

  it("and folders are named for what is in them", () => {
    const named = repositoryFiles().filter((path) => path.split("/").some((part) => saysNothing(part)));
    expect(named).toEqual([]);
  });
});

describe("exports", () => {
  it("are named for what they are", () => {
    const found = files.flatMap((file) =>
      file.tree.statements.flatMap((statement) =>
        exportedNames(statement)
          .filter((name) => saysNothing(name.text))
          .map((name) => `${positionOf(file, name)} ${name.text}`),
      ),
    );
    expect(found).toEqual([]);
  });

  it("have names: no default exports but in configuration files", () => {
    const found = files
      .filter(({ path }) => !basename(path).endsWith(".config.ts"))
      .flatMap((file) => file.tree.statements.filter(isDefaultExport).map((statement) => positionOf(file, statement)));
    expect(found).toEqual([]);
  });
});

function saysNothing(name: string): boolean {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => emptyWords.has(word));
}

function exportedNames(statement: ts.Statement): readonly ts.Identifier[] {
  if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
    return statement.exportClause.elements.map(({ name }) => name).filter(ts.isIdentifier);
  }
  if (!isExported(statement)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name).filter(ts.isIdentifier);
  }
  const { name } = statement as ts.DeclarationStatement;
  return name !== undefined && ts.isIdentifier(name) ? [name] : [];
}

function isExported(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}

function isDefaultExport(statement: ts.Statement): boolean {
  return ts.isExportAssignment(statement) || hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
}

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === kind)
  );
}
