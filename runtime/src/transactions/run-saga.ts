import { type Context, runInContext } from "../cells/context.js";
import { IndeterminateError } from "../errors.js";
import { SagaLog, type SagaSteps } from "./saga-log.js";

type Compensation = (steps: SagaSteps) => unknown;

/**
 * Runs a method whose partial effect its compensation undoes (Garcia-Molina and Salem, Sagas, SIGMOD 1987). The caller
 * gets the method's own error once the compensation is through.
 */
export async function runSaga<R>(
  context: Context,
  self: object,
  names: { readonly method: string; readonly compensate: string },
  body: () => Promise<R>,
): Promise<R> {
  const steps = new SagaLog();
  context.saga?.begun();
  try {
    const value = await runInContext({ ...context, saga: steps }, body);
    passOn(context, steps);
    return value;
  } catch (error) {
    await steps.close();
    if (steps.isEmpty) throw error;
    try {
      const compensate = (self as Readonly<Record<string, Compensation>>)[names.compensate] as Compensation;
      await runInContext({ ...context, saga: undefined }, async () => compensate.call(self, steps));
    } catch (cause) {
      passOn(context, steps);
      const failure = error instanceof Error ? error.message : String(error);
      throw new IndeterminateError(
        `\`${names.method}\` failed after a partial effect (${failure}), and so did its compensation \`${names.compensate}\`.`,
        { region: context.session.region, help: "Run the compensation again, or repair by hand.", cause },
      );
    }
    throw error;
  } finally {
    context.saga?.ended();
  }
}

/** A saga inside a saga is a step of it, as long as it has not undone itself. */
function passOn(context: Context, steps: SagaLog): void {
  context.saga?.add("ok", steps.completed);
  context.saga?.add("info", steps.indeterminate);
}
