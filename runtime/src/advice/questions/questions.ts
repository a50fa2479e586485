/** What to ask of a piece of data before choosing a level for it. */
export interface GuidingQuestion {
  readonly id: "wrong" | "stale" | "unavailable" | "worth";
  readonly question: string;
  /** What the answer is about. */
  readonly about: string;
  /** What in Faultline helps to answer it. */
  readonly answeredBy: string;
}

/** The document's four, and where to look. */
export const guidingQuestions: readonly GuidingQuestion[] = [
  {
    id: "wrong",
    question: "What is lost if it is wrong?",
    about: "the business",
    answeredBy:
      "the classification says what goes wrong below its weakest level; an @Invariant() says what must not be lost",
  },
  {
    id: "stale",
    question: "What does somebody see if it is old?",
    about: "the people who use it",
    answeredBy: "simulation shows a schedule in which somebody does; the level's mitigation says what a page can do",
  },
  {
    id: "unavailable",
    question: "What happens if there is no answer?",
    about: "how much may fail at once",
    answeredBy: "the comparison counts what is refused while cut off; @Available() says that nothing may be",
  },
  {
    id: "worth",
    question: "How much is being right worth?",
    about: "money and waiting",
    answeredBy: "the cost by level, and the latency floor between the regions",
  },
];
