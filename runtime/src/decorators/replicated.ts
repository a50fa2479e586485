import { checkOptions } from "../validation/options.js";
import { problemOf } from "./problem.js";
import { annotation, type ClassAnnotation } from "./target.js";

/** Marks the classes that this copy of the package has annotated, so that another copy can tell. */
export const replicatedBrand = Symbol.for("faultline.replicated");

/** Makes a class one whose objects are opened by identity: `open(Account, "alice")`. Their cells are replicated. */
export const Replicated = (options: Readonly<Record<string, never>> = {}): ClassAnnotation =>
  annotation<ClassAnnotation>({
    decorator: "Replicated",
    places: ["class"],
    given: options,
    note(record, target) {
      if (target.place !== "class") return undefined;
      const [first] = record.problems;
      if (first !== undefined) throw problemOf(target.type.name, first);
      record.replicated = true;
      if (!Object.hasOwn(target.type, replicatedBrand))
        Object.defineProperty(target.type, replicatedBrand, { value: true });
      return checkOptions({}, options);
    },
  });
