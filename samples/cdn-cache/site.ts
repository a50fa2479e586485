import { cache, Linearizable, NoConsistency, primaryReplica, Replicated, register } from "@faultline/runtime";

export const minute = 60_000;

/** A web site: the origin, in New York, has the logo. Edges show copies of it. */
@Replicated()
export class Site {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "async" }) }) readonly logo = register("old");
  @NoConsistency({ mechanism: cache({ origin: "logo", ttlMs: minute }) }) readonly shownLogo = register("old");

  constructor(readonly name: string) {}

  async publish(logo: string): Promise<void> {
    await this.logo.write(logo);
  }

  /** Puts what the origin has in the place of the copy. Done on the edge that this session is at. */
  async invalidate(): Promise<void> {
    await this.shownLogo.write(await this.logo.read());
  }

  async view(): Promise<string> {
    return await this.shownLogo.read();
  }
}

/** The right one: a file never changes, so a copy of it is never wrong. What changes is which file the page names. */
@Replicated()
export class VersionedSite {
  @Linearizable({ mechanism: primaryReplica({ acknowledge: "async" }) }) readonly logo = register("logo-1.svg");
  @NoConsistency({ mechanism: cache({ origin: "logo", ttlMs: 2_000 }) }) readonly shownLogo = register("logo-1.svg");

  constructor(readonly name: string) {}

  async publish(file: string): Promise<void> {
    await this.logo.write(file);
  }

  async view(): Promise<string> {
    return await this.shownLogo.read();
  }
}
