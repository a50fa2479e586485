/** A distance that the document gives as an example. */
export interface DocumentDistance {
  readonly name: string;
  readonly km: number;
  /** One way, as the document prints it. */
  readonly documentMs: number;
}

/** Its figures are right for one way in vacuum: in fibre all are half as much again, and an answer has to come back. */
export const documentDistances: readonly DocumentDistance[] = [
  { name: "same rack", km: 0.002, documentMs: 0.000007 },
  { name: "same datacenter", km: 0.1, documentMs: 0.0003 },
  { name: "same city", km: 50, documentMs: 0.17 },
  { name: "same continent", km: 3_000, documentMs: 10 },
  { name: "across the Pacific", km: 12_000, documentMs: 40 },
];

/** What the document says of New York to Tokyo and back: less than fibre allows, and more than vacuum needs. */
export const documentNewYorkTokyoMs = 80;
