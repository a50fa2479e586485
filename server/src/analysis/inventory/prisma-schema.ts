import fs from "node:fs";
import path from "node:path";
import type { Disk } from "../workspace/disk.js";

/** What a schema of Prisma says: which database it is, and what its models hold. */
export interface PrismaSchema {
  readonly file: string;
  /** `postgresql` */
  readonly provider: string | undefined;
  readonly models: readonly PrismaModel[];
}

export interface PrismaModel {
  readonly name: string;
  /** Of its `///` comment. */
  readonly comment: string | undefined;
  /** Not those that only name other models. */
  readonly fields: readonly string[];
  readonly line: number;
}

const scalar = /^(?:String|Boolean|Int|BigInt|Float|Decimal|DateTime|Json|Bytes)\b/;

/** Those that are where Prisma looks for them, in the folder and in the packages of a workspace. */
export function readPrismaSchemas(root: string, disk: Disk): readonly PrismaSchema[] {
  const folders = [
    root,
    ...["apps", "packages", "services", "libs"].flatMap((each) => foldersIn(path.join(root, each))),
  ];
  return folders
    .flatMap((folder) => schemaFiles(folder))
    .flatMap((file) => {
      const text = disk.read(file);
      return text === undefined ? [] : [parse(file, text)];
    });
}

function schemaFiles(folder: string): readonly string[] {
  const many = path.join(folder, "prisma", "schema");
  return [
    ...[path.join(folder, "prisma", "schema.prisma"), path.join(folder, "schema.prisma")],
    ...entriesOf(many).flatMap((each) => (each.name.endsWith(".prisma") ? [path.join(many, each.name)] : [])),
  ];
}

function parse(file: string, text: string): PrismaSchema {
  const lines = text.split(/\r?\n/);
  const models: (PrismaModel & { readonly fields: string[] })[] = [];
  let comment: string | undefined;
  let block: "datasource" | "model" | "other" | undefined;
  let provider: string | undefined;
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    const [, kind, name = ""] = /^(datasource|model|generator|enum|type|view)\s+(\w+)\s*\{/.exec(line) ?? [];
    if (kind !== undefined) {
      block = kind === "datasource" || kind === "model" ? kind : "other";
      if (kind === "model") models.push({ name, comment, fields: [], line: index + 1 });
      comment = undefined;
    } else if (line.startsWith("///")) comment = line.slice(3).trim();
    else if (line === "}") block = undefined;
    else if (block === "datasource") provider ??= /^provider\s*=\s*"(\w+)"/.exec(line)?.[1];
    else if (block === "model") {
      const [, field, type = ""] = /^(\w+)\s+(\S+)/.exec(line) ?? [];
      if (field !== undefined && scalar.test(type)) models.at(-1)?.fields.push(field);
    }
  }
  return { file, provider, models };
}

const foldersIn = (folder: string): readonly string[] =>
  entriesOf(folder).flatMap((each) => (each.isDirectory() ? [path.join(folder, each.name)] : []));

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // There is none: this is no workspace, or its schema is one file.
  }
}
