import type { ClientCapabilities, ServerCapabilities } from "vscode-languageserver/node";
import type { Session } from "./session.js";

/** One thing an editor can ask for. `connection.ts` lists them all. */
export interface Feature {
  /** What the server promises to this client. */
  capabilities?(client: ClientCapabilities, session: Session): ServerCapabilities;
  /** Called once, before the answer to `initialize` leaves. */
  register(session: Session): void;
  /** Called once the client has confirmed; only now may the server ask the client for anything. */
  start?(session: Session): Promise<void> | void;
}
