/** Less than this share of letter pairs in common is another word, not a slip. */
const leastLikeness = 0.3;

/** The known word that looks most like what was typed, by the letter pairs they share; undefined when none is like it. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const pairs = pairsOf(typed);
  const likeness = (word: string): number => {
    const others = pairsOf(word);
    const shared = [...pairs].filter((pair) => others.has(pair)).length;
    return (2 * shared) / (pairs.size + others.size || 1);
  };
  return [...known].sort((a, b) => likeness(b) - likeness(a)).find((word) => likeness(word) >= leastLikeness);
}

function pairsOf(word: string): ReadonlySet<string> {
  const letters = ` ${word.toLowerCase()} `;
  return new Set([...letters].slice(1).map((letter, index) => letters.charAt(index) + letter));
}
