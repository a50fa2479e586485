/** The tables that a statement names, in its order; what stands in for a value is no table. */
export function tablesIn(sql: string): readonly string[] {
  const bare = sql.replace(/--.*$|\/\*[\s\S]*?\*\//gm, " ").replace(/'(?:[^']|'')*'/g, "''");
  const own = new Set(
    [...bare.matchAll(/(?:\bwith\s+(?:recursive\s+)?|,\s*)(\w+)\s+as\s*\(/gi)].map(([, name]) => name),
  );
  const found = bare.matchAll(
    /\b(?:from|join|into|update|truncate(?:\s+table)?)\s+(?:only\s+)?((?:["`[]?\w+["`\]]?\.)?["`[]?[a-z_]\w*["`\]]?)/gi,
  );
  const names = [...found].map(([, name = ""]) => name.replace(/["`[\]]/g, ""));
  return [...new Set(names.filter((name) => !own.has(name) && !keywords.test(name)))];
}

/** `FOR UPDATE SKIP LOCKED`, `ON CONFLICT DO UPDATE SET`, `FROM unnest(…)` */
const keywords = /^(?:set|skip|nowait|of|select|lateral|unnest|values|generate_series|only|on)$/i;
