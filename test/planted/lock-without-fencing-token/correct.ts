import { Invariant, Linearizable, Replicated, register } from "@faultline/runtime";

interface Lock {
  readonly holder: string;
  readonly untilMs: number;
}

/** A file that clients change in turn, by a lock that expires so that a client that died holds up nobody. */
@Replicated()
@Linearizable()
export class SharedFile {
  readonly lock = register<Lock>({ holder: "", untilMs: 0 });
  readonly revision = register(0);
  readonly saved = register(0);

  async save(): Promise<void> {
    const holder = crypto.randomUUID();
    await this.lock.update((lock) => {
      if (lock.untilMs > Date.now()) throw new Error("locked");
      return { holder, untilMs: Date.now() + 500 };
    });
    const revision = await this.revision.read();
    if (!(await this.revision.compareAndSet(revision, revision + 1))) throw new Error("changed meanwhile");
    await this.saved.update((saved) => saved + 1);
  }

  @Invariant("no change to the file is lost", { when: "converged" })
  async complete(): Promise<boolean> {
    return (await this.revision.read()) >= (await this.saved.read());
  }
}
