import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { faultline } from "../../../../test/harness/command-line.js";
import { Project } from "../../../../test/lsp/project.js";
import { checkDocumentSchema } from "../../documents/check.js";

const header = `import { Eventual, Linearizable, Replicated, Transaction, register } from "@faultline/runtime";\n`;
const stock = (name: string, spare = "this.spare"): string => `
@Replicated()
export class ${name} {
  @Linearizable() readonly stock = register(10);
  @Eventual() readonly spare = register(0);

  @Transaction()
  async reserve(): Promise<void> {
    await this.stock.update((stock) => stock - 1);
    await ${spare}.update((spare) => spare + 1);
  }
}
`;

/** A repository whose first commit is tagged `first`. */
class Repository extends Project {
  constructor(files: Readonly<Record<string, string>>) {
    super({ ".gitignore": "node_modules\n", ...files });
    this.git("init", "-q", "-b", "main");
    this.commit("first");
    this.git("tag", "first");
  }

  commit(message: string): void {
    this.git("add", "-A");
    this.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", message);
  }

  git(...words: readonly string[]): void {
    execFileSync("git", words, { cwd: this.folder });
  }

  /** `file:line` of what is found. */
  found(...words: readonly string[]): readonly string[] {
    const { stdout, stderr } = faultline(this.folder, ["check", "--format", "json", ...words]);
    expect(stderr).toBe("");
    const { findings } = checkDocumentSchema.parse(JSON.parse(stdout));
    return findings.map(({ file, range }) => `${file}:${range.start.line}`);
  }
}

describe("faultline check --since", () => {
  it("reports findings on lines that changed, and leaves older ones in the same file", () => {
    using repository = new Repository({ "stock.ts": header + stock("Stock") });
    expect(repository.found("--since", "first")).toEqual([]);
    repository.write("stock.ts", header + stock("Other") + stock("Stock"));
    expect(repository.found()).toEqual(["stock.ts:11", "stock.ts:23"]);
    expect(repository.found("--since", "first")).toEqual(["stock.ts:11"]);
    repository.commit("second");
    expect(repository.found("--since", "first")).toEqual(["stock.ts:11"]);
    expect(repository.found("--since", "HEAD")).toEqual([]);
  });

  it("reports findings that changed lines are a reason for", () => {
    using repository = new Repository({
      "stock.ts": header + stock("Stock").replace("this.stock.update", "this.spare.update"),
    });
    expect(repository.found()).toEqual([]);
    repository.write("stock.ts", header + stock("Stock"));
    // Line 10 changed, which makes line 11 wrong.
    expect(repository.found("--since", "first")).toEqual(["stock.ts:11"]);
  });

  it("takes files that Git does not know yet as new, and lines of renamed ones as old", () => {
    using repository = new Repository({ "stock.ts": header + stock("Stock") });
    repository.git("mv", "stock.ts", "moved stock.ts");
    repository.write("brand new.ts", header + stock("Other"));
    expect(repository.found("--since", "first")).toEqual(["brand new.ts:11"]);
    expect(repository.found("--since", "first", "moved stock.ts")).toEqual([]);
  });

  it("compares with the point where the branch left: what only the other side changed is not this side's", () => {
    using repository = new Repository({ "a.ts": header, "b.ts": header + stock("Stock") });
    repository.git("switch", "-q", "-c", "topic");
    repository.write("a.ts", header + stock("Other"));
    repository.commit("ours");
    repository.git("switch", "-q", "main");
    repository.write("b.ts", header);
    repository.commit("theirs");
    repository.git("switch", "-q", "topic");
    expect(repository.found("--since", "main")).toEqual(["a.ts:11"]);
  });

  it("works from a folder inside of the repository, whatever Git is configured to show", () => {
    using repository = new Repository({ "package/stock.ts": header });
    repository.git("config", "diff.noprefix", "true");
    repository.git("config", "color.ui", "always");
    repository.write("package/stock.ts", header + stock("Stock"));
    const { stdout } = faultline(repository.path("package"), ["check", "--since", "first", "--format", "json"]);
    expect(checkDocumentSchema.parse(JSON.parse(stdout)).findings.map(({ file }) => file)).toEqual(["stock.ts"]);
  });

  it.each([
    [["--since", "nowhere"], 'Git knows no revision "nowhere" in '],
    [["--since=--output=x"], 'Git knows no revision "--output=x" in '],
    [["--since", "first", "--baseline", "known.json", "--update-baseline"], "--update-baseline with --since"],
  ])("refuses %j in a paragraph", (words, sentence) => {
    using repository = new Repository({ "stock.ts": header + stock("Stock") });
    const { stdout, stderr, status } = faultline(repository.folder, ["check", ...words]);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});
