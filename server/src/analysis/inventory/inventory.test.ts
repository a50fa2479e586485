import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Inventory, takeInventory } from "./index.js";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function inventoryOf(files: Readonly<Record<string, string>>): Inventory {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "faultline-")));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return takeInventory({ root });
}

/** "redis stock:* write" */
const usesIn = (text: string, others: Readonly<Record<string, string>> = {}): readonly string[] =>
  inventoryOf({ "main.ts": text, ...others }).uses.map(
    ({ technology, dataset, action }) => `${technology} ${dataset ?? "?"} ${action}`,
  );

describe("uses of stores, by the imports of their clients", () => {
  it.each([
    [
      "Prisma",
      'import { PrismaClient } from "@prisma/client"; const db = new PrismaClient(); db.user.upsert({});',
      ["prisma user write"],
    ],
    [
      "SQL in a template",
      'import postgres from "postgres"; const sql = postgres(); sql`SELECT * FROM orders o JOIN public.lines l ON true`;',
      ["postgresql orders read", "postgresql public.lines read"],
    ],
    [
      "SQL in a constant",
      'import { Pool } from "pg"; const q = "UPDATE seats SET taken = true"; async function f(pool: Pool) { await pool.query(q); }',
      ["postgresql seats write"],
    ],
    [
      "common table expressions, which are no tables",
      'import { Pool } from "pg"; new Pool().query("WITH recent AS (SELECT * FROM orders) SELECT * FROM recent");',
      ["postgresql orders read"],
    ],
    [
      "Knex",
      'import knex from "knex"; const db = knex({}); db("orders").where({ id: 1 }).update({ state: "paid" });',
      ["sql orders write"],
    ],
    [
      "Drizzle",
      'import { drizzle } from "drizzle-orm/node-postgres"; import { orders } from "./schema.js"; const db = drizzle(process.env.URL); db.insert(orders).values({});',
      ["postgresql orders write"],
    ],
    [
      "TypeORM",
      'import { Repository } from "typeorm"; class S { constructor(private readonly rows: Repository<OrderEntity>) {} f() { return this.rows.find(); } }',
      ["sql Order read"],
    ],
    ["Sequelize", 'import { Model } from "sequelize"; class Seat extends Model {} Seat.findAll();', ["sql Seat read"]],
    [
      "MongoDB",
      'import { MongoClient } from "mongodb"; const db = new MongoClient("").db("shop"); const carts = db.collection("carts"); carts.insertOne({});',
      ["mongodb carts write"],
    ],
    [
      "Mongoose",
      'import mongoose from "mongoose"; const Cat = mongoose.model("Cat", {}); Cat.deleteOne({});',
      ["mongodb Cat delete"],
    ],
    [
      "Redis",
      `import { createClient } from "redis"; const redis = createClient(); const key = (id: string) => \`session:\${id}\`; redis.set(\`session:\${1}\`, ""); redis.incr("hits");`,
      ["redis session:* write", "redis hits update"],
    ],
    [
      "Kafka",
      'import { Kafka } from "kafkajs"; const topic = "orders"; const p = new Kafka({}).producer(); p.send({ topic, messages: [] });',
      ["kafka orders send"],
    ],
    [
      "BullMQ",
      'import { Queue } from "bullmq"; const mails = new Queue("mails"); mails.add("receipt", {});',
      ["queue mails write"],
    ],
    [
      "DynamoDB",
      'import { DynamoDBClient } from "@aws-sdk/client-dynamodb"; import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb"; const db = DynamoDBDocumentClient.from(new DynamoDBClient({})); db.send(new GetCommand({ TableName: "seats" }));',
      ["dynamodb seats read"],
    ],
    [
      "Elasticsearch",
      'import { Client } from "@elastic/elasticsearch"; const es = new Client({}); es.search({ index: "products" });',
      ["search products read"],
    ],
    [
      "a cache that Nest gives",
      `import { CACHE_MANAGER } from "@nestjs/cache-manager"; class S { constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {} f(id: string) { return this.cache.get(\`price:\${id}\`); } }`,
      ["process-cache price:* read"],
    ],
    [
      "a queue that Nest gives",
      'import { Queue } from "bullmq"; class S { constructor(@InjectQueue("mails") private readonly queue: Queue) {} f() { return this.queue.add("a", {}); } }',
      ["queue mails write"],
    ],
    [
      "what is set in the constructor",
      'import Redis from "ioredis"; class S { private readonly redis; constructor() { this.redis = new Redis(); } f() { return this.redis.get("hits"); } }',
      ["redis hits read"],
    ],
    [
      "what a transaction gives",
      'import { PrismaClient } from "@prisma/client"; const db = new PrismaClient(); db.$transaction(async (tx) => { await tx.seat.delete({}); });',
      ["prisma seat delete"],
    ],
  ])("of %s", (_, text, expected) => {
    expect(usesIn(text)).toEqual(expected);
  });

  it.each([
    [
      "results",
      'import { PrismaClient } from "@prisma/client"; const db = new PrismaClient(); async function f() { const user = await db.user.findFirst(); user.orders.map((o) => o.find()); }',
      ["prisma user read"],
    ],
    [
      "types of data",
      'import type { Prisma } from "@prisma/client"; function f(data: Prisma.UserCreateInput) { data.email.find(); }',
      [],
    ],
    [
      "connections",
      'import Redis from "ioredis"; const redis = new Redis(); redis.on("error", () => {}); redis.quit(); redis.connect();',
      [],
    ],
    [
      "other packages",
      'import { Client } from "./pg.js"; import axios from "axios"; new Client().query("SELECT 1 FROM x"); axios.get("");',
      [],
    ],
    ["what is not code", '// import Redis from "ioredis"; redis.get("a")', []],
  ])("not of %s", (_, text, expected) => {
    expect(usesIn(text)).toEqual(expected);
  });

  it("through classes, barrels and aliases of other files", () => {
    const uses = usesIn(
      'import { Db } from "@/db"; class S { constructor(private readonly db: Db) {} f() { return this.db.seat.count(); } }',
      {
        "src/db/index.ts": 'export * from "./prisma.js";',
        "src/db/prisma.ts":
          'import { PrismaClient } from "@prisma/client"; export class Db extends PrismaClient { all() { return this.order.findMany(); } }',
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      },
    );
    expect(uses).toEqual(["prisma seat read", "prisma order read"]);
  });

  it("ends for classes and variables that are made of themselves", () => {
    expect(
      usesIn("class A extends B {} class B extends A { f() { return this.g.find(); } } const x = x.y; x.get();"),
    ).toEqual([]);
  });
});

describe("what else is told", () => {
  it("is where the parser had to guess, and what could be read all the same", () => {
    const { uses, syntaxErrors } = inventoryOf({
      "broken.ts": 'import Redis from "ioredis";\nconst redis = new Redis();\nredis.get("hits");\nfunction half( {',
    });
    expect(syntaxErrors.map(({ range }) => range.start.line)).toEqual([4]);
    expect(uses.map(({ dataset }) => dataset)).toEqual(["hits"]);
  });

  it("is what a schema of Prisma says", () => {
    const { prisma } = inventoryOf({
      "prisma/schema.prisma":
        'datasource db {\n  provider = "mysql"\n}\n/// Seats that are taken.\nmodel Seat {\n  id Int @id\n  owner User?\n}\nenum Kind {\n  A\n}',
    });
    expect(prisma.map(({ provider, models }) => ({ provider, models }))).toEqual([
      { provider: "mysql", models: [{ name: "Seat", comment: "Seats that are taken.", fields: ["id"], line: 5 }] },
    ]);
  });

  it("is nothing of what is installed, or what Git ignores", () => {
    const text = 'import Redis from "ioredis"; new Redis().get("hits");';
    const { files, uses } = inventoryOf({
      "node_modules/a/a.ts": text,
      "old/a.ts": text,
      ".gitignore": "old\n",
      "a.d.ts": "",
    });
    expect([files, uses]).toEqual([[], []]);
  });

  it("is which of the values that are written were made from what was read", () => {
    const service = (change: string): string =>
      `import { Repository } from "typeorm"; async function f(rows: Repository<Post>) { const post = await rows.findOne({}); ${change} await rows.save(post); }`;
    const valuesOf = (change: string) => inventoryOf({ "a.ts": service(change) }).uses.at(-1)?.values;
    for (const change of ["post.likes++;", "post.tags.push(1);", "post.likes = post.likes + 1;", "post.size -= 2;"])
      expect(valuesOf(change)).toEqual(["post"]);
    for (const change of ["post.title = title;", "post.likes == post.likes;"]) expect(valuesOf(change)).toEqual([]);
  });
});
