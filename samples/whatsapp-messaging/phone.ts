import { isConflict, isIndeterminate, isUnavailable } from "@faultline/runtime";

/** As a phone sends it. */
export interface Message {
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

/** As it lies in an inbox, with its place in its conversation. */
export interface Delivery extends Message {
  readonly sequence: number;
}

/** What a phone asks of its inbox. */
interface Confirming {
  after(count: number): Promise<readonly Delivery[]>;
  confirm(count: number): Promise<void>;
}

/** A phone remembers what it has shown. It asks for what comes after that, and confirms until it is heard. */
export class Phone {
  readonly shown: Delivery[] = [];
  private confirmed = 0;

  constructor(
    private readonly inbox: Confirming,
    private readonly show: (message: Delivery) => void = () => {},
    /** In place of a connection over which it would be told. */
    private readonly askEveryMs = 100,
  ) {}

  /** Fetches until it has shown that many, and confirmed them. */
  async shows(count: number): Promise<void> {
    while (this.confirmed < count) {
      await insist(() => this.fetch());
      await pause(this.askEveryMs);
    }
  }

  private async fetch(): Promise<void> {
    const fresh = await this.inbox.after(this.shown.length);
    this.shown.push(...fresh);
    for (const message of fresh) this.show(message);
    if (this.shown.length === this.confirmed) return;
    await this.inbox.confirm(this.shown.length);
    this.confirmed = this.shown.length;
  }
}

/** Tries again until there is an answer, as phones do in tunnels. */
export async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnavailable(error) && !isIndeterminate(error) && !isConflict(error)) throw error;
      await pause(500);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
