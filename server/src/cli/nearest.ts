/** The known word that looks most like what was typed, by the letter pairs they share. */
export function nearest(typed: string, known: readonly string[]): string {
  const pairs = pairsOf(typed);
  const likeness = (word: string): number => {
    const others = pairsOf(word);
    const shared = [...pairs].filter((pair) => others.has(pair)).length;
    return (2 * shared) / (pairs.size + others.size || 1);
  };
  return [...known].sort((a, b) => likeness(b) - likeness(a))[0] ?? "";
}

function pairsOf(word: string): ReadonlySet<string> {
  const letters = ` ${word.toLowerCase()} `;
  return new Set([...letters].slice(1).map((letter, index) => letters.charAt(index) + letter));
}
