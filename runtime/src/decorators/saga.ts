import { methodAnnotation } from "./method.js";
import { checkOptions, optionTable, required, text } from "./options.js";
import type { MethodAnnotation } from "./target.js";

export interface SagaOptions {
  /**
   * Name of the method that undoes a partial effect. It is given `SagaSteps` and must be idempotent; if it fails, the
   * caller gets `IndeterminateError`.
   */
  readonly compensate: string;
}

const sagaOptions = optionTable({ compensate: required(text("the name of a method of the class")) });

/** When the method fails after a partial effect, runs its compensation; then the caller gets the method's error. */
export const Saga = (options: SagaOptions): MethodAnnotation =>
  methodAnnotation("Saga", ["method"], options, () => ({
    problem: checkOptions(sagaOptions, options),
    metadata: { saga: options },
  }));
