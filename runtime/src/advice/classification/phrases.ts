import { type CategoryId, categories } from "./categories.js";
import { longestPhrase, type Meaning, openings, phraseEnds, vocabulary } from "./vocabulary.js";
import { singular } from "./words.js";

/** A word or a phrase of the vocabulary, where it was seen. */
export interface Mention {
  readonly category: CategoryId;
  /** As written, in lower case. */
  readonly word: string;
}

export interface Reading {
  /** What the phrase is, if it is clear. */
  readonly decided: Mention | undefined;
  /** The deciding word names something that happens. */
  readonly isEvent: boolean;
  /** The phrase counts how often something happens, and so is not what happens. */
  readonly isCounted: boolean;
  /** A word that says the phrase only lies beside what it names: `pending`. */
  readonly aside: string | undefined;
  /** All that it speaks of, strictest first. */
  readonly mentions: readonly Mention[];
  /** It says how something is kept and nothing of what: `count`, `entries`. */
  readonly isColourless: boolean;
}

interface Token {
  readonly word: string;
  readonly meanings: readonly Meaning[];
}

/**
 * What a noun phrase names is at its head, the last word before any preposition: "payment statistics by user" are
 * statistics. Words such as `map` or `count` say how it is kept, so the head is before them.
 */
export function read(words: readonly string[]): Reading {
  const tokens = tokensOf(words);
  const phrase = nounPhrase(words);
  const isColourless = phrase.every(isStructure);
  const tail = phrase.findLastIndex((token) => !isStructure(token));
  const head = phrase[tail];
  const isCounted = phrase.some((token, index) => index > tail && has(token, "count"));
  const aside = phrase.find((token) => has(token, "aside"))?.word;
  const decided =
    aside === undefined && head !== undefined ? decide(phrase.slice(0, tail + 1), head, tokens) : undefined;
  const isEvent = head?.meanings.some((each) => each.kind === "event" && each.category === decided?.category) === true;
  return { decided, isEvent, isCounted, aside, mentions: mentionsOf(tokens), isColourless };
}

/** Quantities are spoken of in two words of which neither says it alone: "seats left", "amount paid". */
const spokenOfInTwo: ReadonlySet<CategoryId> = new Set(["money", "stock"]);

function decide(phrase: readonly Token[], head: Token, all: readonly Token[]): Mention | undefined {
  const isKnown = told(head, ["noun", "event", "hint"]).length > 0;
  const guises =
    phrase.length < 2 ? [] : phrase.flatMap((token) => told(token, isKnown ? ["quality", "guise"] : ["quality"]));
  const certain = guises[0] ?? told(head, ["noun", "event"])[0];
  if (certain !== undefined) return certain;
  const others = all.filter((token) => token.word !== head.word);
  const isBacked = ({ category }: Mention): boolean =>
    others
      .flatMap((token) => told(token, spokenOfInTwo.has(category) ? ["noun", "event", "hint"] : ["noun"]))
      .some((other) => other.category === category);
  const hint = told(head, ["hint"]).find(isBacked);
  return hint && { ...hint, word: phrase.map((token) => token.word).join(" ") };
}

function told(token: Token, kinds: readonly Meaning["kind"][]): readonly Mention[] {
  return mentionsOf([{ word: token.word, meanings: token.meanings.filter((each) => kinds.includes(each.kind)) }]);
}

/** The words up to the first preposition; if these only say how something is kept ("list of payments"), the next ones. */
function nounPhrase(words: readonly string[]): readonly Token[] {
  const start = words.findIndex((word) => !openings.has(word));
  let phrase: Token[] = [];
  let rest = start < 0 ? [] : words.slice(start);
  while (rest.length > 0 && phrase.every(isStructure)) {
    const end = rest.findIndex((word) => phraseEnds.has(word));
    const part = end < 0 ? rest : rest.slice(0, end);
    const counts = phrase.filter((token) => has(token, "count"));
    phrase = [...tokensOf(part), ...counts];
    rest = end < 0 ? [] : rest.slice(end + 1);
  }
  return phrase;
}

/** The longest phrases of the vocabulary from left to right; other words stand for themselves. */
function tokensOf(words: readonly string[]): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < words.length; ) {
    const token = tokenAt(words, at);
    tokens.push(token);
    at += token.word.split(" ").length;
  }
  return tokens;
}

function tokenAt(words: readonly string[], at: number): Token {
  for (let length = Math.min(longestPhrase, words.length - at); length > 0; length--) {
    const part = words.slice(at, at + length);
    const meanings = vocabulary.get(part.join(" ")) ?? vocabulary.get(part.map(singular).join(" "));
    if (meanings !== undefined) return { word: part.join(" "), meanings };
  }
  return { word: words[at] ?? "", meanings: [] };
}

const strictness: ReadonlyMap<CategoryId, number> = new Map(categories.map(({ id }, index) => [id, index]));

function mentionsOf(tokens: readonly Token[]): readonly Mention[] {
  return tokens
    .flatMap(({ word, meanings }) => {
      const spokenOf = new Set(meanings.flatMap((each) => ("category" in each ? [each.category] : [])));
      return [...spokenOf].map((category) => ({ category, word }));
    })
    .sort((a, b) => (strictness.get(a.category) ?? 0) - (strictness.get(b.category) ?? 0));
}

const has = (token: Token, kind: Meaning["kind"]): boolean => token.meanings.some((each) => each.kind === kind);
const isStructure = (token: Token): boolean => has(token, "structure") || has(token, "count");
