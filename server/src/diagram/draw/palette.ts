/** Colours of the drawing, as the page's style sheet has them: its custom properties are the only place of themes. */
export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly rule: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly callFill: string;
  readonly callEdge: string;
  readonly operationFill: string;
  readonly operationEdge: string;
  readonly readFill: string;
  readonly message: string;
  readonly danger: string;
  readonly dangerFill: string;
  readonly doubt: string;
  readonly doubtFill: string;
  readonly cut: string;
  /** Of a line around things: thicker where contrast is asked for. */
  readonly edgeWidth: number;
  readonly font: string;
  readonly strongFont: string;
  /** Of numbers in circles. */
  readonly markFont: string;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(`--fl-${name}`).trim();
  const family = value("font");
  return {
    ground: value("ground"),
    surface: value("surface"),
    rule: value("rule"),
    text: value("text"),
    muted: value("muted"),
    accent: value("accent"),
    callFill: value("call-fill"),
    callEdge: value("call-edge"),
    operationFill: value("operation-fill"),
    operationEdge: value("operation-edge"),
    readFill: value("read-fill"),
    message: value("message"),
    danger: value("danger"),
    dangerFill: value("danger-fill"),
    doubt: value("doubt"),
    doubtFill: value("doubt-fill"),
    cut: value("cut"),
    edgeWidth: Number(value("edge-width")) || 1,
    font: `12px ${family}`,
    strongFont: `600 12px ${family}`,
    markFont: `600 10.5px ${family}`,
  };
}
