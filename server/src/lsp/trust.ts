import { type TrustChangedParameters, trustChanged } from "../protocol.js";
import type { Feature } from "./feature.js";

/** Trust may be granted while the editor is open; what was refused then works without a restart. */
export const trust: Feature = {
  register(session) {
    session.connection.onNotification(trustChanged, (parameters: Partial<TrustChangedParameters> | null) => {
      // Anything but a clear yes is a no.
      session.trusted = parameters?.trusted === true;
    });
  },
};
