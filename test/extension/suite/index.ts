import Mocha from "mocha";
import { environment } from "./environment.js";

/** Called inside the extension host, by the desktop editor and by the browser's alike. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 30_000,
    reporter: "json",
    reporterOptions: { output: environment.results },
  });
  // Makes `describe` and `it` known before the tests are loaded, which is why those are imported only now.
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./activation.js");
  await import("./findings.js");
  await import("./lenses.js");
  await import("./simulation.js");
  await import("./advice.js");
  await import("./debugging.js");
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
