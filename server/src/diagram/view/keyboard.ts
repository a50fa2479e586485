export interface KeyHandlers {
  readonly step: (by: 1 | -1, sameObject: boolean) => void;
  readonly violation: () => void;
  readonly fold: () => void;
  readonly cause: () => void;
  readonly copy: () => void;
  readonly search: () => void;
  readonly zoom: (factor: number | "fit") => void;
}

/** Keys of the whole page, except where a person types. */
export function listenToKeys(target: EventTarget, handlers: KeyHandlers): void {
  const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    ArrowRight: ({ shiftKey }) => handlers.step(1, shiftKey),
    ArrowLeft: ({ shiftKey }) => handlers.step(-1, shiftKey),
    v: handlers.violation,
    f: handlers.fold,
    o: handlers.cause,
    c: handlers.copy,
    "/": handlers.search,
    "+": () => handlers.zoom(1.5),
    "=": () => handlers.zoom(1.5),
    "-": () => handlers.zoom(1 / 1.5),
    "0": () => handlers.zoom("fit"),
  };
  target.addEventListener("keydown", (untyped) => {
    const event = untyped as KeyboardEvent;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.target instanceof HTMLInputElement && event.target.type === "range" && event.key.startsWith("Arrow"))
      return;
    const handle = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (handle === undefined) return;
    event.preventDefault();
    handle(event);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type === "search";
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

export const keyHelp: readonly (readonly [string, string])[] = [
  ["← →", "event"],
  ["shift ← →", "same object"],
  ["V", "violation"],
  ["O", "only the cause"],
  ["F", "fold"],
  ["C", "copy"],
  ["/", "search"],
  ["+ − 0", "zoom"],
];
