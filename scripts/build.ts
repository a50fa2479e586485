// npm run build: brings runtime, server and client up to date.
import { build } from "./incremental-build.js";

await build();
