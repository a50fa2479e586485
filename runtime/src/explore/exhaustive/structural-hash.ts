/** So many texts are kept with their hashes: field names, cell names and the like come again and again. */
const knownTexts = 10_000;

/**
 * Hashes what values are made of: two that are built alike have the same hash, and two that differ in anything almost
 * never (53 bits: among a million states two are taken for one with a probability of about 1 in 20,000). Who is in doubt
 * differs: the order in which a map or a set was filled counts, as whoever walks through it can tell. Functions count as nothing: what
 * they close over has to be reachable otherwise.
 */
export class StructuralHash {
  private high = 0;
  private low = 0;
  private readonly around = new Map<object, number>();
  private readonly texts = new Map<string, number>();
  private readonly bits = new Float64Array(1);
  private readonly words = new Uint32Array(this.bits.buffer);

  /** What `isOutside` is true of belongs to the world around and is left out. */
  constructor(private readonly isOutside: (value: object) => boolean = () => false) {}

  of(value: unknown): number {
    const { high, low } = this;
    this.high = 0x2545f491;
    this.low = 0x9e3779b9 | 0;
    this.add(value);
    const result = this.result();
    this.high = high;
    this.low = low;
    return result;
  }

  /** What was hashed before, and then this. */
  after(before: number, value: unknown): number {
    const { high, low } = this;
    this.high = 0x2545f491;
    this.low = 0x9e3779b9 | 0;
    this.number(before);
    this.add(value);
    const result = this.result();
    this.high = high;
    this.low = low;
    return result;
  }

  private result(): number {
    return (finished(this.high) >>> 0) * 2 ** 21 + (finished(this.low) >>> 11);
  }

  private add(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.number(value);
        break;
      case "string":
        this.mix(1, this.text(value));
        break;
      case "boolean":
        this.mix(2, value ? 1 : 0);
        break;
      case "bigint":
        this.mix(3, this.text(value.toString()));
        break;
      case "object":
        if (value === null) this.mix(4, 0);
        else if (this.isOutside(value)) this.mix(4, 1);
        else this.object(value);
        break;
      case "undefined":
        this.mix(5, 0);
        break;
      default:
        this.mix(6, 0);
    }
  }

  private object(value: object): void {
    const depth = this.around.get(value);
    if (depth !== undefined) {
      this.mix(7, depth);
      return;
    }
    this.around.set(value, this.around.size);
    this.contents(value);
    this.around.delete(value);
  }

  private contents(value: object): void {
    if (Array.isArray(value)) {
      this.mix(8, value.length);
      for (const part of value) this.add(part);
    } else if (value instanceof Map) {
      this.mix(9, value.size);
      for (const [key, part] of value) {
        this.add(key);
        this.add(part);
      }
    } else if (value instanceof Set) {
      this.mix(10, value.size);
      for (const part of value) this.add(part);
    } else if (hasEssence(value)) {
      this.mix(16, 0);
      this.add(value.essence());
    } else if (value instanceof Date) this.number(value.getTime());
    else if (ArrayBuffer.isView(value))
      for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) this.mix(11, byte);
    else {
      if (value instanceof Error) this.mix(12, this.text(`${value.name} ${value.message}`));
      this.mix(13, this.text(value.constructor?.name ?? ""));
      for (const key of Object.keys(value)) {
        this.mix(14, this.text(key));
        this.add((value as Readonly<Record<string, unknown>>)[key]);
      }
    }
  }

  private number(value: number): void {
    const small = value | 0;
    if (small === value && !Object.is(value, -0)) {
      this.mix(15, small);
      return;
    }
    this.bits[0] = value;
    this.mix(17, 0);
    this.mix(this.words[0] as number, this.words[1] as number);
  }

  private text(text: string): number {
    const known = this.texts.get(text);
    if (known !== undefined) {
      this.mix(text.length, text.length === 0 ? 0 : text.charCodeAt(0));
      return known;
    }
    let h = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    if (this.texts.size < knownTexts) this.texts.set(text, h);
    this.mix(text.length, text.length === 0 ? 0 : text.charCodeAt(0));
    return h;
  }

  private mix(a: number, b: number): void {
    let high = Math.imul(this.high ^ a, 0x85ebca6b);
    high = Math.imul(((high << 13) | (high >>> 19)) ^ b, 0xc2b2ae35);
    let low = Math.imul(this.low ^ b, 0xcc9e2d51);
    low = Math.imul(((low << 15) | (low >>> 17)) ^ a, 0x1b873593);
    this.high = (high ^ (low >>> 5)) | 0;
    this.low = (low + Math.imul(high, 5) + 0x38495ab5) | 0;
  }
}

/** Knows better than its fields do what makes it another one. */
const hasEssence = (value: object): value is { essence(): unknown } =>
  typeof (value as { readonly essence?: unknown }).essence === "function";

/** An avalanche, so that all bits depend on all. */
function finished(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
