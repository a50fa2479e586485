import { element } from "./element.js";

export function copyButton(text: string, label: string): HTMLElement {
  const button = element("button", { type: "button", class: "fl-copy", click: () => void copied() }, label);
  const copied = async (): Promise<void> => {
    button.textContent = (await copy(text)) ? "Copied" : "Not copied";
    setTimeout(() => {
      button.textContent = label;
    }, 1_500);
  };
  return button;
}

/** A page that was opened from a file may be refused the clipboard: then the old way serves. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { readonly: true, "aria-hidden": "true", class: "fl-offscreen" });
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}
