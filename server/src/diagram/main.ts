import { Diagram } from "./component.js";
import type { Gallery } from "./input.js";

/** `style.css`, put in by the build. */
declare const styleText: string;

/** A sheet that a script makes is not a style that a page's security policy has to allow. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(styleText);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

/** The asset draws what stands in the page as JSON, in an element with this id, into the page's main element. */
const data = document.getElementById("faultline-data");
const main = document.querySelector("main");
if (data !== null && main !== null) new Diagram(main, JSON.parse(data.textContent ?? "") as Gallery);
