import type { SessionState } from "./deployment.js";
import { EmbeddedDeployment } from "./embedded.js";

let entered: SessionState | undefined;
let embedded: SessionState | undefined;
let evaluations = 0;

/** The session that code outside all methods runs in: a simulated run's, else one of the embedded deployment. */
export function ambientSession(): SessionState {
  if (entered !== undefined) return entered;
  embedded ??= new EmbeddedDeployment().createSession();
  return embedded;
}

/** Makes a session, and its deployment, the ambient one until the returned function is called. Runs may be nested. */
export function enterSession(session: SessionState): () => void {
  const before = entered;
  entered = session;
  return () => {
    entered = before;
  };
}

/** Modules are evaluated for a simulated run, before it has a session, until the returned function is called. */
export function enterEvaluation(): () => void {
  evaluations++;
  return () => {
    evaluations--;
  };
}

/** Whether the code that runs now belongs to a simulated run. */
export const isSimulated = (): boolean => evaluations > 0 || entered?.deployment.kind === "simulated";
