import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that run many commands, one after the other: begun last, they would leave the other cores idle at the end. */
const longest: readonly string[] = [
  "test/docs/command-output.test.ts",
  "samples/samples.test.ts",
  "server/src/rules/rules.test.ts",
  "test/conformance/conformance.test.ts",
];

/** Begins with the files that take longest. A fresh clone knows no durations; by itself Vitest goes by the size of files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex((file) => moduleId.endsWith(file));
      return index < 0 ? longest.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
