import { expect, test } from "vitest";
import { ExecuteCommandRequest } from "vscode-languageserver-protocol/node";
import { auditDocumentSchema } from "../../server/src/documents/audit.js";
import type { AuditOutcome } from "../../server/src/protocol.js";
import "./deadline.js";
import { Editor } from "./editor.js";
import { Project } from "./project.js";
import { strongCounter } from "./sources.js";

const counter = strongCounter.replace(/ +\/\/ !!.*/, "");
const redis = `import Redis from "ioredis";

const redis = new Redis();

export const like = (post: string) => redis.incr(\`likes:\${post}\`);
`;

test("an inventory is taken of the whole folder, from the buffers as they stand", async () => {
  using project = new Project({ "page.ts": counter, "likes.ts": redis });
  await using editor = await Editor.start(project);
  await editor.open("page.ts", counter.replaceAll("Linearizable", "Sequential"));
  const { document, markdown, cancelled } = await audit(editor, editor.uri("likes.ts"));
  expect(cancelled).toBe(false);
  const { stores, files, unseenFiles } = auditDocumentSchema.parse(document);
  expect([files, unseenFiles]).toEqual([2, 0]);
  expect(
    stores.flatMap(({ datasets }) => datasets.map(({ name, level, location }) => [name, level, location.file])),
  ).toEqual([
    ["views", "sequential", "page.ts"],
    ["likes:*", "eventual", "likes.ts"],
  ]);
  expect(markdown).toMatchInlineSnapshot(`
    "# What is where, and at which level

    2 datasets in 2 files · 0 must be stronger · 1 could be weaker · 1 fits · 0 need analysis.

    ## One dataset that could be weaker

    \`views\` of Page, [page.ts:5](page.ts#L5): sequential → eventual, saves $0.45 a million operations, 95.7 ms a write. The name \`views\` says that it holds reactions. Nobody is served better above causal. At eventual: a count that is a moment behind misleads nobody, and merging replicas loses none. Try it: \`faultline compare page.ts#Page\`

    Reckoned for each level with its default mechanism and a replica in each of nyc, london and tokyo (the default regions).

    ## Page

    | what | kind | where | level | holds | verdict | because |
    |---|---|---|---|---|---|---|
    | \`views\` | counter | [page.ts:5](page.ts#L5) | sequential | reactions | could be weaker: eventual | The name \`views\` says that it holds reactions. Nobody is served better above causal. At eventual: a count that is a moment behind misleads nobody, and merging replicas loses none. |

    ## Redis, by \`ioredis\`

    Gives eventual: replication is asynchronous, so that a failover loses writes that were answered, whatever WAIT says.

    | what | kind | where | level | holds | verdict | because |
    |---|---|---|---|---|---|---|
    | \`likes:*\` | key | [likes.ts:5](likes.ts#L5) | eventual (default) | reactions | fits | The name \`likes\` says that it holds reactions. |
    "
  `);
});

test("an inventory of what is not on disk is refused in words", async () => {
  using project = new Project({});
  await using editor = await Editor.start(project);
  await expect(audit(editor, "untitled:Untitled-1")).rejects.toThrow("open one of those");
});

function audit(editor: Editor, uri: string): Promise<AuditOutcome> {
  return editor.connection.sendRequest(ExecuteCommandRequest.type, {
    command: "faultline.audit",
    arguments: [{ uri }],
  });
}
