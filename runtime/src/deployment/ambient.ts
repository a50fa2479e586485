import { type Openable, openIn } from "../cells/open.js";
import { AnnotationError } from "../errors.js";
import { ambientSession, isSimulated } from "./ambient-session.js";
import type { SessionState } from "./deployment.js";
import {
  checkedRecordOptions,
  nothingToStop,
  type Recording,
  type RecordOptions,
  record,
} from "./recording/recording.js";
import { takeUp, tokenOf } from "./token.js";

export interface SessionOptions {
  /** The region whose replica the session talks to; the deployment's first unless told. */
  readonly region?: string;
  /** What an earlier session has seen, from its `token()`: this one will not see less. */
  readonly token?: string;
}

/** A sequential client at the replica of one region: what it has seen, it sees again, as its cells' levels promise. */
export class Session {
  constructor(private readonly state: SessionState) {}

  get region(): string {
    return this.state.region;
  }

  open<T extends object>(type: Openable<T>, id: string): T {
    return openIn(this.state, type, id);
  }

  /** What this session has seen, as text that a cookie or a message can carry to a session elsewhere. */
  token(): string {
    return tokenOf(this.state);
  }

  /** Goes on at another region's replica, and takes along what it has seen. */
  async moveTo(region: string): Promise<void> {
    this.state.region = checkedRegion(this.state, region);
  }
}

/** The deployment that code runs in: a simulated run's, else the embedded one of this process. */
export interface AmbientDeployment {
  session(options?: SessionOptions): Session;
  /**
   * Writes a history of what sessions do to a file, for `faultline verify`. It never keeps the application waiting, nor
   * breaks it. In a simulated run it does nothing: that is recorded anyway. Throws `AnnotationError` for wrong options and
   * `LevelError` where files cannot be written, or if a recording is under way.
   */
  record(options: RecordOptions): Recording;
}

export const deployment: AmbientDeployment = Object.freeze({
  session({ region, token }: SessionOptions = {}): Session {
    const ambient = ambientSession();
    const state = ambient.deployment.createSession(region === undefined ? region : checkedRegion(ambient, region));
    if (token !== undefined) takeUp(state, token);
    return new Session(state);
  },
  record(options: RecordOptions): Recording {
    const checked = checkedRecordOptions(options);
    return isSimulated() ? nothingToStop : record(ambientSession().deployment, checked);
  },
});

function checkedRegion({ deployment: { regions } }: SessionState, region: string): string {
  if (typeof region === "string" && region !== "" && (regions === undefined || regions.includes(region))) return region;
  throw new AnnotationError(`There is no region ${JSON.stringify(region)} in this deployment.`, {
    help: `Accepted: ${regions?.join(", ") ?? "any name"}.`,
  });
}
