import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { repositoryFiles, root } from "./source-files.js";

type Token = ReturnType<MarkdownIt["parse"]>[number];

const parser = new MarkdownIt({ html: true });
const pages = repositoryFiles("*.md");

describe("links inside the repository", () => {
  it("has pages to look at", () => {
    expect(pages).toContain("README.md");
  });

  it.each(pages)("%s names files and headings that exist", (page) => {
    expect(linksOf(page).filter((link) => !resolves(page, link))).toEqual([]);
  });
});

function linksOf(page: string): readonly string[] {
  const links = flatten(parser.parse(textOf(page), {})).map((token) => token.attrGet("href") ?? token.attrGet("src"));
  return links.filter((link): link is string => link !== null && !/^[a-z][a-z0-9+.-]*:/i.test(link));
}

function resolves(page: string, link: string): boolean {
  const [path = "", heading] = decodeURI(link).split("#");
  const target = path === "" ? page : relative(root, join(root, dirname(page), path));
  if (target.startsWith("..") || !existsSync(join(root, target))) return false;
  if (heading === undefined || heading === "") return true;
  return statSync(join(root, target)).isFile() && headingsOf(target).includes(heading);
}

/** The anchors that GitHub gives to headings. */
function headingsOf(page: string): readonly string[] {
  const tokens = parser.parse(textOf(page), {});
  return tokens.flatMap((token, index) => {
    if (token.type !== "heading_open") return [];
    const text = (tokens[index + 1]?.children ?? []).map((child) => child.content).join("");
    return [
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
        .replaceAll(" ", "-"),
    ];
  });
}

function flatten(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => [token, ...flatten(token.children ?? [])]);
}

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}
