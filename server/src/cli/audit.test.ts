import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auditDocumentSchema } from "../documents/audit.js";
import { faultline } from "./testing/faultline.js";

// Whole processes on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** A service that has never heard of Faultline, and whose packages are not even installed. */
const service: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "shop", "private": true }',
  "tsconfig.json": '{ "compilerOptions": { "experimentalDecorators": true, "paths": { "@/*": ["./src/*"] } } }',
  "prisma/schema.prisma": `datasource db {
  provider = "postgresql"
}
model User {
  id           Int    @id
  passwordHash String
}
/// How often a product was looked at.
model PageView {
  id Int @id
}
`,
  "src/prisma.service.ts": `import { Injectable } from "@nestjs/common";
import { PrismaClient } from "@prisma/client";

@Injectable()
export class PrismaService extends PrismaClient {}
`,
  "src/orders.service.ts": `import { Inject, Injectable } from "@nestjs/common";
import { ClientKafka } from "@nestjs/microservices";
import type { Prisma } from "@prisma/client";
import Redis from "ioredis";
import { PrismaService } from "@/prisma.service";

@Injectable()
export class OrdersService {
  constructor(
    private readonly prisma: PrismaService,
    @Inject("KAFKA") private readonly kafka: ClientKafka,
    private readonly redis: Redis,
  ) {}

  async place(data: Prisma.OrderCreateInput, sku: string) {
    const left = Number(await this.redis.get(\`stock:\${sku}\`));
    if (left === 0) throw new Error("sold out");
    await this.redis.set(\`stock:\${sku}\`, left - 1);
    const order = await this.prisma.order.create({ data });
    this.kafka.emit("orders.placed", { id: order.id });
    return order;
  }

  async like(post: string) {
    await this.redis.incr(\`likes:\${post}\`);
  }

  async spend(id: number, amount: number) {
    await this.prisma.$transaction(async (tx) => {
      const account = await tx.account.findUnique({ where: { id } });
      await tx.account.update({ where: { id }, data: { balance: account.balance - amount } });
    });
    return this.prisma.pageView.count();
  }

  async lend(id: number) {
    await this.prisma.$transaction(
      async (tx) => {
        const account = await tx.account.findUnique({ where: { id } });
        await tx.account.update({ where: { id }, data: { lent: account.lent + 1 } });
      },
      { isolationLevel: "Serializable" },
    );
    await this.prisma.account.update({ where: { id }, data: { lent: { increment: 1 } } });
  }

  async repay(tx: Prisma.TransactionClient, id: number) {
    const account = await tx.account.findUnique({ where: { id } });
    await tx.account.update({ where: { id }, data: { lent: account.lent - 1 } });
  }

  async rename(id: number, email: string) {
    const user = await this.prisma.user.findUnique({ where: { id } });
    await this.prisma.user.update({ where: { id: user.id }, data: { email } });
  }
}
`,
  "src/half.ts": "export function half( {\n",
  "node_modules/other/index.ts": 'import Redis from "ioredis"; new Redis().get("money");',
};

const annotated = `import { Eventual, Linearizable, Replicated, counter, register } from "@faultline/runtime";

@Replicated()
export class Shop {
  @Eventual() readonly stock = register(1);
  @Linearizable() readonly likes = counter();
  @Eventual() readonly blob = register("");
}
`;

const labelled = `import { Causal } from "@faultline/runtime";
import { eventual } from "@faultline/runtime/label";
import { Pool } from "pg";
import Redis from "ioredis";

const replica = eventual(new Pool());

export class Wallets {
  @Causal() private readonly redis = new Redis();

  async read(id: string) {
    await replica.query("SELECT * FROM balances");
    return this.redis.get(\`likes:\${id}\`);
  }
}
`;

let unannotated: string;
let other: string;

function folderOf(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "faultline-")));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

beforeAll(() => {
  unannotated = folderOf(service);
  other = folderOf({
    "shop.ts": annotated,
    "labelled/wallets.ts": labelled,
    "empty/nothing.ts": "export const nothing = 0;\n",
  });
});

afterAll(() => {
  for (const folder of [unannotated, other]) rmSync(folder, { recursive: true, force: true });
});

describe("faultline audit of code without an annotation", () => {
  it("lists the stores, what goes wrong at any level, and what to do first", async () => {
    const { code, stdout, stderr } = await faultline(["audit"], { cwd: unannotated });
    expect(stdout).toMatchSnapshot();
    expect(stderr).toMatchInlineSnapshot(`
      "faultline: src/half.ts:2:1 does not parse ('}' expected). What could be read of it was looked at.
      "
    `);
    expect(code).toBe(0);
  });

  it("gives a document that its schema describes", async () => {
    const { code, stdout } = await faultline(["audit", "--format", "json", "src"], { cwd: unannotated });
    const document = auditDocumentSchema.parse(JSON.parse(stdout));
    const datasets = document.stores.flatMap((store) => store.datasets);
    expect(Object.fromEntries(datasets.map(({ name, verdict }) => [name, verdict.kind]))).toEqual({
      "stock:*": "must be stronger",
      "likes:*": "fits",
      order: "NEEDS_ANALYSIS",
      account: "fits",
      pageView: "could be weaker",
      user: "fits",
      "orders.placed": "no level",
    });
    expect(document.risks.map(({ kind, location }) => [kind, location.line])).toEqual([
      ["lost update", 18],
      ["dual write", 20],
      ["lost update", 31],
    ]);
    expect(code).toBe(0);
  });
});

describe("faultline audit of annotated classes", () => {
  it("judges declared levels, and names the command that tries a weaker one", async () => {
    const { code, stdout } = await faultline(["audit", "--format", "json", "shop.ts"], { cwd: other });
    const { stores, summary } = auditDocumentSchema.parse(JSON.parse(stdout));
    const [shop] = stores;
    expect(shop?.datasets.map(({ name, level, verdict }) => [name, level, verdict.kind, verdict.level])).toEqual([
      ["stock", "eventual", "must be stronger", "linearizable"],
      ["likes", "linearizable", "could be weaker", "eventual"],
      ["blob", "eventual", "NEEDS_ANALYSIS", null],
    ]);
    expect(summary.weaker?.command).toBe("faultline compare shop.ts#Shop");
    expect(shop?.datasets[1]?.verdict.saves?.usdPerMillionOperations).toBeGreaterThan(0);
    expect(summary.stronger?.dataset).toBe("stock");
    expect(code).toBe(0);
  });

  it("takes the level of a label, whatever the store gives by itself", async () => {
    const { stdout } = await faultline(["audit", "--format", "json", "labelled"], { cwd: other });
    const datasets = auditDocumentSchema.parse(JSON.parse(stdout)).stores.flatMap((store) => store.datasets);
    expect(datasets.map(({ name, level, levelBasis, verdict }) => [name, level, levelBasis, verdict.kind])).toEqual([
      ["balances", "eventual", "declared", "must be stronger"],
      ["likes:*", "causal", "declared", "fits"],
    ]);
  });

  it("says where there is nothing", async () => {
    const { code, stdout } = await faultline(["audit", "empty"], { cwd: other });
    expect(stdout).toBe("No replicated class and no client of a store was found in 1 file.\n");
    expect(code).toBe(0);
  });

  it.each([
    [["audit", "missing"], 'There is no file or folder "missing"'],
    [["audit", "--format", "xml"], 'There is no format "xml"'],
    [["audit", "--project", "none.json"], 'There is no project file "none.json"'],
  ])("refuses %j", async (parameters, message) => {
    const { code, stderr } = await faultline(parameters, { cwd: other });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
