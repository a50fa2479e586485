import { remembered } from "./remembered.js";

/** Something that was asked about the code, and that an edit can answer otherwise. */
class Question {
  answer: unknown;
  askedAt = 0;
  /** When the answer last differed from the one before. */
  changedAt = 0;

  constructor(readonly ask: () => unknown) {}
}

/** What came out of a computation, with all that it has asked: as long as the answers stay, so does the value. */
export interface Recorded<V> {
  readonly value: V;
  readonly questions: readonly Question[];
  /** The files that it was said to be made from. */
  readonly files: readonly string[];
  /** When it was last known to hold. */
  at: number;
}

interface Frame {
  readonly questions: Set<Question>;
  readonly files: Set<string>;
}

interface Memory<K> {
  get(key: K): Question | undefined;
  set(key: K, value: Question): unknown;
}

/**
 * Notes what is asked about the code while something is computed, so that the result can outlive edits elsewhere. Whoever
 * answers says so by `topic`; values that hold as long as the epoch of a file need not be noted, since that ends whatever is
 * kept for the file. (The scheme is that of Salsa, https://salsa-rs.github.io/salsa/reference/algorithm.html.)
 */
export class Reads {
  #now = 1;
  #open: Frame | undefined;
  /** The files that anything was made from since this was last cleared. */
  readonly files = new Set<string>();
  readonly #tidied: (() => void)[] = [];

  /** Counts the states that the code has been in. */
  get now(): number {
    return this.#now;
  }

  /** The code is not what it was: each question has to be asked again. */
  advance(): void {
    this.#now++;
    if (this.#now % editsBetweenTidying === 0) for (const tidy of this.#tidied) tidy();
  }

  /** A map that forgets: keys of nameless functions and classes never come back when those are gone. */
  forgetful<K, V>(isGone: (value: V) => boolean): Map<K, V> {
    const values = new Map<K, V>();
    this.#tidied.push(() => {
      for (const [key, value] of values) if (isGone(value)) values.delete(key);
    });
    return values;
  }

  /** Questions of one kind, by key; the result is to be called by whoever answers one. Lists of the same members are the same. */
  topic<K>(ask: (key: K) => unknown): (key: K) => void {
    // What was computed with one that is left out here goes on to hold as long as its answer does.
    return this.#noting(
      this.forgetful<K, Question>(({ askedAt }) => askedAt < this.#now - 1),
      ask,
    );
  }

  /** The same of nodes, which go with the code that they stand in. */
  topicOfObjects<K extends object>(ask: (key: K) => unknown): (key: K) => void {
    return this.#noting(new WeakMap<K, Question>(), ask);
  }

  #noting<K>(memory: Memory<K>, ask: (key: K) => unknown): (key: K) => void {
    return (key) => {
      const frame = this.#open;
      if (frame === undefined) return;
      const question = remembered(memory, key, () => new Question(() => ask(key)));
      if (frame.questions.has(question)) return;
      this.#renew(question);
      frame.questions.add(question);
    };
  }

  /** What is computed is made from this file too. */
  noteFile(file: string): void {
    this.files.add(file);
    this.#open?.files.add(file);
  }

  record<V>(compute: () => V): Recorded<V> {
    const outer = this.#open;
    const frame: Frame = { questions: new Set(), files: new Set() };
    this.#open = frame;
    try {
      const value = compute();
      return { value, questions: listOf(frame.questions), files: listOf(frame.files), at: this.#now };
    } finally {
      this.#open = outer;
      if (outer !== undefined) pass(frame.questions, frame.files, outer);
    }
  }

  holds(recorded: Recorded<unknown>): boolean {
    if (recorded.at !== this.#now) {
      for (const question of recorded.questions) {
        this.#renew(question);
        if (question.changedAt > recorded.at) return false;
      }
      recorded.at = this.#now;
    }
    for (const file of recorded.files) this.files.add(file);
    if (this.#open !== undefined) pass(recorded.questions, recorded.files, this.#open);
    return true;
  }

  /** Adds members each of which is computed when it is first read after an edit that it has to do with. */
  lasting<T extends object, A extends object>(
    base: T,
    compute: { readonly [P in keyof A]: () => A[P] },
  ): T & Readonly<A> {
    return this.#withMembers(base, compute, (last) => this.holds(last));
  }

  /** Adds members each of which is computed when it is first read after any edit. */
  lively<T extends object, A extends object>(
    base: T,
    compute: { readonly [P in keyof A]: () => A[P] },
  ): T & Readonly<A> {
    return this.#withMembers(base, compute, (last) => last.at === this.#now && this.holds(last));
  }

  #withMembers<T extends object, A extends object>(
    base: T,
    compute: { readonly [P in keyof A]: () => A[P] },
    isValid: (last: Recorded<unknown>) => boolean,
  ): T & Readonly<A> {
    for (const key of Object.keys(compute) as (keyof A & string)[]) {
      let last: Recorded<A[keyof A]> | undefined;
      const get = (): A[keyof A] => {
        if (last === undefined || !isValid(last)) last = this.record(compute[key]);
        return last.value;
      };
      Object.defineProperty(base, key, { enumerable: true, configurable: true, get });
    }
    return base as T & Readonly<A>;
  }

  #renew(question: Question): void {
    if (question.askedAt === this.#now) return;
    const open = this.#open;
    this.#open = undefined;
    try {
      const answer = question.ask();
      if (question.askedAt === 0 || !isSame(answer, question.answer)) question.changedAt = this.#now;
      question.answer = answer;
      question.askedAt = this.#now;
    } finally {
      this.#open = open;
    }
  }
}

const editsBetweenTidying = 16;

const none: readonly never[] = [];

/** Tens of thousands are kept, most of them short or empty. */
function listOf<T>(values: ReadonlySet<T>): readonly T[] {
  return values.size === 0 ? none : [...values];
}

function pass(questions: Iterable<Question>, files: Iterable<string>, to: Frame): void {
  for (const each of questions) to.questions.add(each);
  for (const each of files) to.files.add(each);
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => each === b[index]);
}
