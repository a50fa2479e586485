/** `src/bank.ts#Account` → `src-bank.ts-Account.json`; what comes to the same name as another is numbered. */
export function traceFileName(target: string, taken: Set<string> = new Set()): string {
  const plain = target.replace(/^(\.{0,2}[\\/])+/, "").replace(/[^\p{L}\p{N}._$-]+/gu, "-");
  for (let count = 1; ; count++) {
    const name = count === 1 ? plain : `${plain}-${count}`;
    // Some disks do not tell cases apart.
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return `${name}.json`;
  }
}
