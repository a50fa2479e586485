import { type Openable, openIn } from "../cells/open.js";
import { AnnotationError, LevelError } from "../errors.js";
import { ambientSession } from "./ambient-session.js";
import type { SessionState } from "./deployment.js";
import { takeUp, tokenOf } from "./token.js";

export interface SessionOptions {
  /** The region whose replica the session talks to; the deployment's first unless told. */
  readonly region?: string;
  /** What an earlier session has seen, from its `token()`: this one will not see less. */
  readonly token?: string;
}

export interface RecordOptions {
  readonly file: string;
  /** Share of the sessions that are recorded, from 0 to 1. */
  readonly sampleRatio?: number;
  readonly redact?: (value: unknown) => unknown;
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
  /** Writes a history of what sessions do, for `faultline verify`. Not built yet: throws `LevelError`. */
  record(options: RecordOptions): void;
}

export const deployment: AmbientDeployment = Object.freeze({
  session({ region, token }: SessionOptions = {}): Session {
    const ambient = ambientSession();
    const state = ambient.deployment.createSession(region === undefined ? region : checkedRegion(ambient, region));
    if (token !== undefined) takeUp(state, token);
    return new Session(state);
  },
  record(): void {
    throw new LevelError("deployment.record() is not built yet.", {
      help: "Histories are recorded by simulated runs.",
    });
  },
});

function checkedRegion({ deployment: { regions } }: SessionState, region: string): string {
  if (typeof region === "string" && region !== "" && (regions === undefined || regions.includes(region))) return region;
  throw new AnnotationError(`There is no region ${JSON.stringify(region)} in this deployment.`, {
    help: `Accepted: ${regions?.join(", ") ?? "any name"}.`,
  });
}
