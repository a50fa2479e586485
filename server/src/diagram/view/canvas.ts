import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import { across, axisHeight, boxOf, down, type Frame, gutter, labelPlace } from "../draw/frame.js";
import { ItemIndex } from "../draw/item-index.js";
import { paintGround, paintMargins } from "../draw/paint-ground.js";
import { lostReach, paintItems } from "../draw/paint-items.js";
import { type Palette, paletteOf } from "../draw/palette.js";
import { textWidth } from "../model/rows.js";
import { type PlacedItem, type Scene, sceneOf } from "../model/scene.js";
import { element } from "./element.js";
import type { Choices, Subject } from "./model.js";

/** What it draws besides the scene. */
export interface Highlights extends Pick<Choices, "selected" | "pointed" | "instantUs"> {
  readonly matching: ReadonlySet<number> | undefined;
}

/** A label may stick out so far left of what it belongs to, or right of it. */
const labelReach = 420;
const mostHeight = 720;

/** The drawing and the window onto it: dragging and scrolling move it, and what lies outside is not painted. */
export class Canvas {
  readonly root: HTMLElement;
  scene: Scene | undefined;
  private readonly canvas = element("canvas", { "aria-hidden": "true" });
  private readonly content = element("div", { class: "fl-canvas-content" }, this.canvas);
  private readonly zooming: ZoomBehavior<HTMLCanvasElement, unknown>;
  private readonly measuring = element("canvas").getContext("2d") as CanvasRenderingContext2D;
  private palette: Palette | undefined;
  private index: ItemIndex | undefined;
  private transform: ZoomTransform = zoomIdentity;
  private subject: Subject | undefined;
  private visible: readonly number[] = [];
  private isFolded = true;
  private isEmphasized = false;
  private highlights: Highlights | undefined;
  private frameRequest = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly onSelect: (event: number | undefined) => void,
  ) {
    this.root = element(
      "div",
      { class: "fl-canvas", tabindex: 0, role: "group", "aria-roledescription": "diagram" },
      this.content,
    );
    this.zooming = zoom<HTMLCanvasElement, unknown>()
      .filter((event: MouseEvent) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0))
      .on("zoom", ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        this.transform = transform;
        this.request();
      });
    select(this.canvas).call(this.zooming).on("dblclick.zoom", null);
    this.canvas.addEventListener("click", (event) => this.onSelect(this.itemAt(event)?.event));
    this.canvas.addEventListener("pointermove", (event) => this.showTip(event));
    this.canvas.addEventListener("wheel", (event) => this.panBy(event), { passive: false });
    this.root.addEventListener("scroll", () => this.request());
  }

  /** Observed from the moment when it is in the page. */
  observe(): void {
    let width = 0;
    new ResizeObserver(() => {
      if (this.root.clientWidth === width) return;
      width = this.root.clientWidth;
      this.layOut();
    }).observe(this.root);
  }

  show(subject: Subject, visible: readonly number[], { isFolded, onlyCause }: Choices): void {
    const isOther = subject !== this.subject || visible.length !== this.visible.length || isFolded !== this.isFolded;
    this.subject = subject;
    this.visible = visible;
    this.isFolded = isFolded;
    this.isEmphasized = !onlyCause;
    if (isOther) this.layOut();
    else this.request();
  }

  highlight(highlights: Highlights): void {
    this.highlights = highlights;
    this.request();
  }

  /** After the theme has become another. At once: what is printed does not wait for a frame. */
  restyle(): void {
    this.palette = paletteOf(this.host);
    this.paint();
  }

  zoomBy(factor: number): void {
    select(this.canvas).call(this.zooming.scaleBy, factor);
  }

  fit(): void {
    select(this.canvas).call(this.zooming.transform, zoomIdentity);
  }

  /** Moves what is selected into sight, and no further than needed. */
  reveal(event: number): void {
    const item = this.scene?.items.find((each) => each.event === event);
    const frame = this.frame();
    if (item === undefined || frame === undefined) return;
    const [x, y] = [across(frame, item.x0), down(frame, Math.min(item.y0, item.y1))];
    if (x < gutter + 20 || x > frame.width - 120)
      select(this.canvas).call(this.zooming.translateTo, gutter + item.x0, 0);
    if (y < axisHeight || y > frame.height - 30) this.root.scrollTop += y - frame.height / 2;
  }

  private layOut(): void {
    const { subject } = this;
    const width = this.root.clientWidth;
    if (subject === undefined || width === 0) return;
    this.palette ??= paletteOf(this.host);
    const { font, strongFont } = this.palette;
    const scene = sceneOf({
      ...{ schedule: subject.schedule, picture: subject.picture, visible: this.visible, isFolded: this.isFolded },
      width: Math.max(320, width - gutter - 24),
      untilUs: this.isEmphasized ? Number.POSITIVE_INFINITY : (subject.violationUs ?? Number.POSITIVE_INFINITY),
      measure: (text, isStrong = false) => {
        this.measuring.font = isStrong ? strongFont : font;
        return this.measuring.measureText(text).width;
      },
    });
    this.scene = scene;
    this.index = new ItemIndex(scene.items);
    const height = Math.min(mostHeight, scene.height + axisHeight);
    this.root.style.height = `${height}px`;
    this.content.style.height = `${scene.height + axisHeight}px`;
    const ratio = globalThis.devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.zooming
      .extent([
        [gutter, 0],
        [width, height],
      ])
      .translateExtent([
        [gutter, 0],
        [gutter + scene.time.width + 24, height],
      ])
      .scaleExtent([1, Math.max(40, scene.items.length / 10)]);
    this.fit();
    this.request();
  }

  private request(): void {
    if (this.frameRequest !== 0) return;
    this.frameRequest = requestAnimationFrame(() => {
      this.frameRequest = 0;
      this.paint();
    });
  }

  private paint(): void {
    const frame = this.frame();
    const { subject } = this;
    if (frame === undefined || subject === undefined) return;
    const ratio = globalThis.devicePixelRatio;
    frame.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintGround(frame);
    paintItems(
      frame,
      this.inSight(frame, gutter - labelReach, axisHeight, frame.width, frame.height),
      subject.schedule.events,
    );
    paintMargins(frame);
  }

  private frame(): Frame | undefined {
    const { scene, subject, palette, highlights } = this;
    const context = this.canvas.getContext("2d");
    if (scene === undefined || subject === undefined || palette === undefined || context === null) return undefined;
    const ratio = globalThis.devicePixelRatio;
    const { k, x } = this.transform;
    return {
      ...{ context, palette, scene, width: this.canvas.width / ratio, height: this.canvas.height / ratio },
      ...{ scale: k, offset: x + gutter * (k - 1), scrolled: this.root.scrollTop },
      selected: highlights?.selected,
      pointed: highlights?.pointed ?? new Set(),
      matching: highlights?.matching,
      instantUs: highlights?.instantUs ?? 0,
      cause: this.isEmphasized ? subject.cause : undefined,
      racing: subject.racing,
      violationUs: subject.violationUs,
    };
  }

  /** Items in a part of the window, those painted last at the end. */
  private inSight(frame: Frame, left: number, top: number, right: number, bottom: number): readonly PlacedItem[] {
    const place = (x: number): number => (x - gutter - frame.offset) / frame.scale;
    const row = (y: number): number => y - axisHeight + frame.scrolled;
    return this.index?.search(frame.scale, [place(left), row(top), place(right), row(bottom)]) ?? [];
  }

  private itemAt(event: MouseEvent): PlacedItem | undefined {
    const frame = this.frame();
    if (frame === undefined) return undefined;
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const near = this.inSight(frame, x - labelReach, y - 12, x + labelReach, y + 12);
    return (
      near.findLast((item) => !isMessage(item) && isUnder(frame, item, x, y)) ??
      near.findLast((item) => isMessage(item) && isUnder(frame, item, x, y))
    );
  }

  private showTip(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    const item = this.itemAt(event);
    this.canvas.style.cursor = item === undefined ? "" : "pointer";
    this.canvas.title = item?.label ?? "";
  }

  /** A wheel that moves sideways, or with shift, moves the time; else it scrolls the page. */
  private panBy(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (sideways === 0 || (!event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY))) return;
    event.preventDefault();
    select(this.canvas).call(this.zooming.translateBy, -sideways / this.transform.k, 0);
  }
}

const isMessage = ({ shape }: PlacedItem): boolean => shape === "message" || shape === "lost";

function isUnder(frame: Frame, item: PlacedItem, x: number, y: number): boolean {
  if (isMessage(item)) {
    const x0 = across(frame, item.x0);
    const x1 = item.shape === "lost" ? x0 + lostReach : across(frame, item.x1);
    const [y0, y1] = [down(frame, item.y0), down(frame, item.y1)];
    const along = Math.min(
      1,
      Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2 || 1)),
    );
    return Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)) < 5;
  }
  const box = boxOf(frame, item);
  const label = labelPlace(frame, item, box);
  const left = Math.min(box.x - 3, label ?? box.x);
  const right = Math.max(box.x + box.width + 3, label === undefined ? 0 : label + textWidth(item));
  return x >= left && x <= right && y >= box.y - 4 && y <= box.y + Math.max(box.height, 10) + 4;
}
