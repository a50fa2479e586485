/**
 * Replaces what stands between the two comments that name a part; what people wrote around it stays.
 *
 * @throws Error if the page has no such part.
 */
export function withGenerated(page: string, part: string, content: string): string {
  const [begin, end] = [`<!-- begin ${part}: npm run generate -->`, `<!-- end ${part} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no part "${part}" between ${begin} and ${end}.`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}
