import stringWidth from "string-width";
import { schedules } from "./reasons.js";
import type { Remedy } from "./simulate.js";
import type { Style } from "./style.js";
import { wrap } from "./wrap.js";

/** Between a remedy and what became of it. */
const gap = 6;

/** What to do, in the words of the report, and beside it what became of that when it was tried. */
export function remedyLines(remedies: readonly Remedy[], style: Style, width: number): readonly string[] {
  const worth = worthTelling(remedies);
  const labelled = (label: string, alternative: string, among: readonly Remedy[]) =>
    among.map(({ text, tried }, index) => ({
      text: `${index === 0 ? "" : alternative}${text}`,
      label: index === 0 ? label : "",
      figures: tried === null ? "" : figuresOf(tried),
    }));
  const told = [
    ...labelled("Do", "or ", worth.filter(isAdvice)),
    // Who would think of it is told that it is no way out.
    ...labelled(
      "Tried",
      "",
      worth.filter((remedy) => !isAdvice(remedy)),
    ),
  ];
  const room = width - 8;
  const besides = told.filter(({ text, figures }) => figures !== "" && stringWidth(text + figures) + gap <= room);
  const column = gap + Math.max(0, ...besides.map(({ text }) => stringWidth(text)));
  return told.flatMap(({ text, label, figures }) => {
    const fits = figures !== "" && stringWidth(text) < column && column + stringWidth(figures) <= room;
    const lines = fits
      ? [`${text}${" ".repeat(column - stringWidth(text))}${figures}`]
      : [...wrap(text, room), ...wrap(figures, room - 2).flatMap((line) => (line === "" ? [] : [`  ${line}`]))];
    return lines.map((line, index) => `  ${style.bold((index === 0 ? label : "").padEnd(6))}${line}`);
  });
}

/** `trying remedies: 150 of 600 schedules`. */
export const tryingText = ({ done, total }: { readonly done: number; readonly total: number }): string =>
  `trying remedies: ${count(done)} of ${schedules(total)}`;

/** In one line, where there are no columns. */
export const remedyText = (remedy: Remedy): string => {
  const { text, tried } = remedy;
  if (tried === null) return text;
  return `${isAdvice(remedy) ? "" : "tried in vain: "}${text} · ${figuresOf(tried)}`;
};

/** What to do, and then, where nothing that was tried helps, what does not. */
export function worthTelling(remedies: readonly Remedy[]): readonly Remedy[] {
  const advice = remedies.filter(isAdvice);
  if (remedies.some(({ tried }) => tried !== null && helps(tried))) return advice;
  return [...advice, ...remedies.filter((remedy) => !isAdvice(remedy))];
}

const isAdvice = ({ tried }: Remedy): boolean => tried === null || helps(tried);

type Trial = NonNullable<Remedy["tried"]>;

const helps = ({ violated, others }: Trial): boolean => violated === 0 && others.length === 0;

/** `0 of 200 violated · +121 ms p50, refused when cut off`. */
function figuresOf({ schedules, violated, others, addedP50Ms, refused }: Trial): string {
  const of = `${count(violated)} of ${count(schedules)}`;
  const result = violated === 0 ? `${of} violated` : `still violated in ${of}`;
  const [first] = others;
  const instead = first === undefined ? "" : `, but "${first}" is then`;
  const costs = [
    ...(addedP50Ms === null ? [] : [latency(addedP50Ms)]),
    ...(refused > 0 ? ["refused when cut off"] : []),
  ];
  return `${result}${instead}${costs.length === 0 ? "" : ` · ${costs.join(", ")}`}`;
}

function latency(addedMs: number): string {
  const rounded = Math.round(addedMs);
  // Two schedules with one seed draw other delays once they differ: less than this is no difference.
  if (Math.abs(addedMs) < 1) return "+0 ms";
  return `${rounded < 0 ? "−" : "+"}${count(Math.abs(rounded))} ms p50`;
}

const count = (value: number): string => value.toLocaleString("en-US");
