import { actorText, eventText, timeText } from "../model/wording.js";
import { element } from "./element.js";
import { type Choices, momentOf, type Subject } from "./model.js";

const rowHeight = 26;
const ahead = 8;

/**
 * The events as a real table beside the drawing, for readers of screens and for everybody who searches. Of many rows
 * only those in sight are in the page; `aria-rowcount` and `aria-rowindex` tell the rest.
 */
export class EventTable {
  private readonly body = element("tbody");
  private readonly before = element("div", { "aria-hidden": "true" });
  private readonly after = element("div", { "aria-hidden": "true" });
  private readonly table = element(
    "table",
    { "aria-label": "Events" },
    element(
      "thead",
      {},
      element(
        "tr",
        { "aria-rowindex": 1 },
        ...["time", "where", "what"].map((text) => element("th", { scope: "col" }, text)),
      ),
    ),
    this.body,
  );
  private readonly scroller = element(
    "div",
    { class: "fl-scroll fl-rows", tabindex: 0, role: "region", "aria-label": "Events" },
    this.before,
    this.table,
    this.after,
  );
  private readonly count = element("span", { class: "fl-muted" });
  readonly root = element("section", { class: "fl-events" }, element("h2", {}, "Events ", this.count), this.scroller);
  private subject: Subject | undefined;
  private rows: readonly number[] = [];
  private choices: Pick<Choices, "selected"> & { readonly matching?: ReadonlySet<number> | undefined } = {
    selected: undefined,
  };

  constructor(private readonly onSelect: (event: number) => void) {
    this.scroller.addEventListener("scroll", () => this.fill());
    globalThis.addEventListener("beforeprint", () => this.fill(200));
    globalThis.addEventListener("afterprint", () => this.fill());
  }

  show(
    subject: Subject,
    visible: readonly number[],
    selected: number | undefined,
    matching: ReadonlySet<number> | undefined,
  ): void {
    const { schedule } = subject;
    const listed = matching === undefined ? visible : visible.filter((index) => matching.has(index));
    this.subject = subject;
    this.rows = [...listed].sort((a, b) => momentOf(schedule, a) - momentOf(schedule, b) || a - b);
    this.choices = { selected, matching };
    this.count.textContent = this.rows.length.toLocaleString("en-US");
    this.table.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.fill();
  }

  select(selected: number | undefined): void {
    this.choices = { ...this.choices, selected };
    const at = selected === undefined ? -1 : this.rows.indexOf(selected);
    const { scrollTop, clientHeight } = this.scroller;
    const top = (at + 1) * rowHeight;
    if (at >= 0 && (top < scrollTop + rowHeight || top + rowHeight > scrollTop + clientHeight))
      this.scroller.scrollTop = top - clientHeight / 2;
    this.fill();
  }

  private fill(least = 0): void {
    const { subject } = this;
    if (subject === undefined) return;
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - ahead);
    const last = Math.min(this.rows.length, first + Math.max(least, Math.ceil(clientHeight / rowHeight) + 2 * ahead));
    this.before.style.height = `${first * rowHeight}px`;
    this.after.style.height = `${(this.rows.length - last) * rowHeight}px`;
    this.body.replaceChildren(
      ...this.rows.slice(first, last).map((event, offset) => this.row(subject, event, first + offset + 2)),
    );
  }

  private row({ schedule, objects, racing }: Subject, index: number, position: number): HTMLElement {
    const event = schedule.events[index];
    if (event === undefined) return element("tr");
    return element(
      "tr",
      {
        "aria-rowindex": position,
        "aria-selected": index === this.choices.selected ? "true" : undefined,
        class: racing.has(index) || (event.kind === "verdict" && !event.ok) ? "fl-racing" : undefined,
        click: () => this.onSelect(index),
      },
      element("td", { class: "fl-when" }, timeText(momentOf(schedule, index))),
      element("td", {}, actorText(event)),
      element("td", {}, eventText(event, objects)),
    );
  }
}
