import { compareLevels, type Level } from "../../levels.js";
import { type CategoryId, categoryOf } from "./categories.js";
import { type Mention, type Reading, read } from "./phrases.js";
import { denials } from "./vocabulary.js";
import { wordsIn } from "./words.js";

/** What is known of a piece of data. A description in words alone is a `comment`. */
export interface Subject {
  readonly name?: string | undefined;
  /** The name of its type, or of the type of what it holds. */
  readonly type?: string | undefined;
  /** Its first sentence counts. */
  readonly comment?: string | undefined;
  /** The class that it is a part of: tells something of a name that tells nothing (`count`). */
  readonly owner?: string | undefined;
  readonly dataType?: "register" | "counter" | "set" | "map" | "log" | undefined;
}

export interface Evidence extends Mention {
  readonly place: "name" | "type" | "comment" | "owner";
  /** The name or the sentence that the word was seen in. */
  readonly text: string;
}

export interface Classification {
  /** `NEEDS_ANALYSIS` where nothing says it for sure: then a person has to. */
  readonly category: CategoryId | "NEEDS_ANALYSIS";
  /** The level below which it goes wrong, for this shape of data. */
  readonly weakest: Level | undefined;
  /** What happens then. */
  readonly loss: string | undefined;
  /** The level above which nobody is served better. */
  readonly strongest: Level | undefined;
  readonly evidence: Evidence | undefined;
  /** Stricter categories that are spoken of as well, though they do not say what it is. */
  readonly stricter: readonly Evidence[];
  /** In a sentence: which word, and where it was seen. */
  readonly reason: string;
}

/**
 * Classifies data by whole words. Where several categories match, the order is: the name speaks before the type, the type
 * before the comment, and the class only for a name without colour; within one of them, a word like `cached` before the head
 * of the phrase, and that before nothing; of one head's meanings, the strictest (the order of `categories`).
 */
export function classify(subject: Subject): Classification {
  const readings = readingsOf(subject);
  for (const reading of readings) {
    if (reading.aside !== undefined && reading.place === "name") break;
    const { decided } = reading;
    if (decided === undefined || isHowOften(subject, reading) || isOneUtterance(subject, decided)) continue;
    return classified(subject, reading, decided, readings);
  }
  return {
    category: "NEEDS_ANALYSIS",
    weakest: undefined,
    loss: undefined,
    strongest: undefined,
    evidence: undefined,
    stricter: [],
    reason: unclear(subject, readings),
  };
}

/** Everything that a subject speaks of, whether or not that says what it is; strictest first within each place. */
export function mentions(subject: Subject): readonly Evidence[] {
  return readingsOf(subject).flatMap(evidenceOf);
}

interface PlacedReading extends Reading {
  readonly place: Evidence["place"];
  readonly text: string;
}

function readingsOf({ name, type, comment, owner }: Subject): readonly PlacedReading[] {
  const readings: PlacedReading[] = [];
  const add = (place: Evidence["place"], text: string | undefined): void => {
    if (text !== undefined && text.trim() !== "") readings.push({ ...read(wordsIn(text)), place, text });
  };
  add("name", name);
  add("type", type);
  const sentence = comment === undefined ? undefined : firstSentence(comment);
  if (sentence !== undefined && !wordsIn(sentence).some((word) => denials.has(word))) add("comment", sentence);
  if (name === undefined || readings[0]?.isColourless === true) add("owner", owner);
  return readings;
}

function classified(
  subject: Subject,
  reading: PlacedReading,
  decided: Mention,
  readings: readonly PlacedReading[],
): Classification {
  const category = categoryOf(decided.category);
  const { weakest, loss } = (subject.dataType === "log" && reading.isEvent ? category.asLog : undefined) ?? category;
  const { place, text } = reading;
  const evidence = { ...decided, place, text };
  return {
    category: category.id,
    weakest,
    loss,
    strongest: category.strongest,
    evidence,
    stricter: readings
      .flatMap(evidenceOf)
      .filter((each) => compareLevels(categoryOf(each.category).weakest, category.weakest) > 0),
    reason: `${seen(evidence)} says that it holds ${category.name}`,
  };
}

/** "booking count", or a counter of bookings: how often it happened, which is not yet what it is worth. */
function isHowOften({ dataType }: Subject, { isEvent, isCounted }: PlacedReading): boolean {
  return isEvent && (isCounted || dataType === "counter");
}

/** A conversation has many entries; one message by itself answers nothing. */
function isOneUtterance({ dataType }: Subject, { category }: Mention): boolean {
  return category === "conversation" && (dataType === "register" || dataType === "counter");
}

function unclear(subject: Subject, readings: readonly PlacedReading[]): string {
  const aside = readings.find((reading) => reading.place === "name")?.aside;
  if (aside !== undefined) return `\`${aside}\` in the name \`${subject.name}\` says that it is not the thing itself`;
  const [hint] = readings.flatMap(evidenceOf);
  if (hint === undefined) return "nothing in its name, its type or its comment says what it is";
  return `${seen(hint)} may speak of ${categoryOf(hint.category).name}, but does not say that it is that`;
}

/** "`balance` in the name `accountBalance`" */
function seen({ word, place, text }: Evidence): string {
  const where = place === "owner" ? "class" : place;
  if (place === "comment") return `“${word}” in the comment “${text}”`;
  return wordsIn(text).join(" ") === word ? `the ${where} \`${text}\`` : `“${word}” in the ${where} \`${text}\``;
}

function evidenceOf({ mentions: found, place, text }: PlacedReading): readonly Evidence[] {
  return found.map((mention) => ({ ...mention, place, text }));
}

/** Without what comments are decorated with. */
function firstSentence(comment: string): string {
  const text = comment
    .replace(/^\s*\/?\*+|\*+\/\s*$|^\s*\/\/+/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
  return /^.*?(?=[.:;!?,(–]|\s@|$)/.exec(text)?.[0]?.trim() ?? "";
}
