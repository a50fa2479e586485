/**
 * Who may import whom, as data (ARCHITECTURE.md has it as a picture). A file belongs to the first layer whose `files`
 * match. A layer always sees itself, unless its units must not know each other.
 */
export interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Names of other layers. `types:` before a name lets types through and nothing that is loaded. */
  readonly imports: readonly string[];
  /** Units of this layer, one folder each, that may not import one another. */
  readonly units?: RegExp;
}

const runtime: readonly Layer[] = [
  { name: "levels", files: /^runtime\/src\/levels\.ts$/, imports: [] },
  { name: "errors", files: /^runtime\/src\/errors\.ts$/, imports: ["levels"] },
  { name: "data", files: /^runtime\/src\/data\//, imports: ["levels", "errors"] },
  { name: "mechanism options", files: /^runtime\/src\/mechanisms\/(options|registry)\.ts$/, imports: ["levels", "errors"] },
  { name: "decorators", files: /^runtime\/src\/decorators\//, imports: ["levels", "errors", "data", "mechanism options"] },
  { name: "history", files: /^runtime\/src\/history\//, imports: ["levels", "data"] },
  { name: "checkers", files: /^runtime\/src\/checkers\//, imports: ["levels", "data", "history"] },
  { name: "entry of simulation", files: /^runtime\/src\/simulation\/index\.ts$/, imports: ["kernel", "faults", "explore"] },
  { name: "virtual globals", files: /^runtime\/src\/simulation\/virtual-globals\//, imports: ["errors", "kernel"] },
  { name: "kernel", files: /^runtime\/src\/simulation\//, imports: ["levels"] },
  { name: "faults", files: /^runtime\/src\/faults\//, imports: ["kernel"] },
  {
    name: "mechanisms",
    files: /^runtime\/src\/mechanisms\//,
    imports: ["levels", "errors", "data", "mechanism options", "kernel"],
  },
  { name: "deployment", files: /^runtime\/src\/deployment\//, imports: ["levels", "errors", "data", "mechanism options"] },
];

export const layers: readonly Layer[] = [...runtime];

/** Packages that only some folders may know, so that each protocol and each big library stops at one boundary. */
export const boundaries: readonly { readonly specifier: RegExp; readonly files: RegExp }[] = [
  { specifier: /^(ts-morph|typescript)(\/|$)/, files: /^server\/src\/analysis\// },
  { specifier: /^vscode-(languageserver|jsonrpc)/, files: /^server\/src\/(lsp\/|main\.ts$|protocol\.ts$)/ },
  { specifier: /^(commander|ora|picocolors|string-width)$/, files: /^server\/src\/cli\// },
  { specifier: /^(vscode|vscode-languageclient.*)$/, files: /^client\// },
];
