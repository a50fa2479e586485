import { runSaga } from "../transactions/run-saga.js";
import { required, text } from "../validation/options.js";
import { methodAnnotation } from "./method.js";
import type { MethodAnnotation } from "./target.js";

export interface SagaOptions {
  /**
   * Name of the method that undoes a partial effect. It is given `SagaSteps` and must be idempotent; if it fails, the
   * caller gets `IndeterminateError`.
   */
  readonly compensate: string;
}

const sagaOptions = { compensate: required(text("the name of a method of the class")) };

/**
 * When the method fails after a partial effect, waits for changes that are still under way, lets none begin, and runs its
 * compensation; then the caller gets the method's error.
 */
export const Saga = (options: SagaOptions): MethodAnnotation =>
  methodAnnotation({
    decorator: "Saga",
    given: options,
    table: sagaOptions,
    metadata: { saga: { compensate: options?.compensate, run: runSaga } },
  });
