import picomatch from "picomatch";

/** Whether a path, relative to the folder of the configuration and with slashes, is meant. */
export type FilePatterns = (path: string) => boolean;

/**
 * A pattern means a file, or a folder with all that is in it. One with a wildcard and without a slash means every folder, as
 * `*.test.ts` does for Git; one that begins with `!` takes back what those before it mean.
 */
export function filePatterns(patterns: readonly string[]): FilePatterns {
  const compiled = patterns.map((pattern) => {
    const isBack = pattern.startsWith("!");
    return { isBack, matches: picomatch(expanded(isBack ? pattern.slice(1) : pattern), { dot: true }) };
  });
  return (path) =>
    compiled.reduce((isMeant, { isBack, matches }) => (isBack === isMeant && matches(path) ? !isBack : isMeant), false);
}

function expanded(pattern: string): string[] {
  const from = pattern.replace(/^\.?\/+/, "").replace(/\/+$/, "");
  if (from === "" || from === ".") return ["**"];
  const own = /[*?[{(]/.test(from) && !from.includes("/") ? `**/${from}` : from;
  return [own, `${own}/**`];
}
