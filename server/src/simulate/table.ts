import stringWidth from "string-width";

/** Cells in columns: those before `numbersFrom` to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[], numbersFrom: number): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const padded = (text: string, column: number): string => {
    const room = " ".repeat((widths[column] ?? 0) - stringWidth(text));
    return column < numbersFrom ? text + room : room + text;
  };
  return rows.map((row) => row.map(padded).join("   ").trimEnd());
}
