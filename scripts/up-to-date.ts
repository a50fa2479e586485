import { build } from "./incremental-build.js";

/** Tests run what users run, as it is built: what has changed since is built before them. */
export const setup = build;
