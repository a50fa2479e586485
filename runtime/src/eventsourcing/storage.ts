/** What becomes of events that are old enough. */
export interface Compression {
  /** Until then an event is stored as it was written. */
  readonly afterDays: number;
  /** How much is left of it from then on: 0.1 for a ratio of 10:1. */
  readonly storedShare: number;
}

/** The two that the source document states: 70 % saved after the first year, and a retailer's 10:1 after 30 days. */
export const compressions = {
  afterFirstYear: { afterDays: 365, storedShare: 0.3 },
  afterThirtyDays: { afterDays: 30, storedShare: 0.1 },
} as const satisfies Readonly<Record<string, Compression>>;

export interface EventVolume {
  readonly transactionsPerDay: number;
  readonly eventsPerTransaction: number;
  readonly eventSizeBytes: number;
  /** Days are counted in years of 365. */
  readonly retentionYears: number;
  /** None unless told. */
  readonly compression?: Compression;
  /** Unless told 50, which is the source document's price and no provider's. */
  readonly usdPerTbYear?: number;
}

/** Gigabytes and terabytes are binary, as in the source document: 1,024³ and 1,024⁴ bytes. */
export interface StorageRequirements {
  readonly eventsPerDay: number;
  /** What is written in a day and in a year, uncompressed. */
  readonly dailyGb: number;
  readonly annualTb: number;
  /** What is kept once the retention is full: as it was written, and after compression. */
  readonly rawTb: number;
  readonly storedTb: number;
  /** Of a year with full retention. Nothing grows from then on: what comes in pushes out as much. */
  readonly usdPerYear: number;
  /** Until the retention is full: what is stored at the end of each year. */
  readonly byYear: readonly { readonly year: number; readonly storedTb: number; readonly usdPerYear: number }[];
}

/**
 * What event sourcing costs to keep. Compression counts only for what is older than its threshold: the newest year, or the
 * newest thirty days, are always there uncompressed, however long the retention.
 *
 * @throws RangeError for a figure that is no finite number, is negative, or a share above 1.
 */
export function storageRequirements(volume: EventVolume): StorageRequirements {
  const { transactionsPerDay, eventsPerTransaction, eventSizeBytes, retentionYears } = volume;
  const { compression = { afterDays: 0, storedShare: 1 }, usdPerTbYear = 50 } = volume;
  const figures = { transactionsPerDay, eventsPerTransaction, eventSizeBytes, retentionYears, usdPerTbYear };
  for (const [name, value] of Object.entries({ ...figures, ...compression })) refuseImpossible(name, value);
  const eventsPerDay = transactionsPerDay * eventsPerTransaction;
  const dailyGb = (eventsPerDay * eventSizeBytes) / bytesPerGb;
  const storedAfter = (years: number): number => {
    const days = years * daysPerYear;
    const fresh = Math.min(days, compression.afterDays);
    return ((fresh + (days - fresh) * compression.storedShare) * dailyGb) / gbPerTb;
  };
  const rowOf = (year: number) => {
    const storedTb = storedAfter(Math.min(year, retentionYears));
    return { year, storedTb, usdPerYear: storedTb * usdPerTbYear };
  };
  const annualTb = (dailyGb * daysPerYear) / gbPerTb;
  const storedTb = storedAfter(retentionYears);
  return {
    ...{ eventsPerDay, dailyGb, annualTb, rawTb: annualTb * retentionYears },
    ...{ storedTb, usdPerYear: storedTb * usdPerTbYear },
    byYear: Array.from({ length: Math.ceil(retentionYears) }, (_, i) => rowOf(i + 1)),
  };
}

const bytesPerGb = 1024 * 1024 * 1024;
const gbPerTb = 1024;
const daysPerYear = 365;

function refuseImpossible(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0 && (name !== "storedShare" || value <= 1)) return;
  const accepted = name === "storedShare" ? "a number from 0 to 1" : "a number that is not negative";
  throw new RangeError(`\`${name}\` is ${String(value)}. Accepted: ${accepted}.`);
}
