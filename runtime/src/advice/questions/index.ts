export { type GuidingQuestion, guidingQuestions } from "./questions.js";
