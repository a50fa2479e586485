import { describe, expect, test } from "vitest";
import { openIn } from "../cells/open.js";
import { Causal, counter, deployment, open, Replicated } from "../index.js";
import { enterSession } from "./ambient-session.js";
import type { SessionState } from "./deployment.js";
import { EmbeddedDeployment } from "./embedded.js";

@Replicated()
@Causal()
class Page {
  readonly hits = counter();

  async openAnother(): Promise<Page> {
    await Promise.resolve();
    return open(Page, "another");
  }
}

/** Remembers the sessions that it made. */
class NotedSessions extends EmbeddedDeployment {
  readonly last: SessionState[] = [];

  override createSession(region = "nyc"): SessionState {
    const session = super.createSession(region);
    this.last.push(session);
    return session;
  }
}

describe("the ambient deployment", () => {
  test("is the embedded one, whose state is shared by all sessions of the process", async () => {
    await open(Page, "shared").hits.increment();
    expect(await deployment.session({ region: "anywhere" }).open(Page, "shared").hits.read()).toBe(1);
  });

  test("is a simulation's while that runs, and what it was before afterwards", async () => {
    const simulated = new NotedSessions();
    const leave = enterSession(simulated.createSession("london"));
    const inside = open(Page, "mine");
    await inside.hits.increment(5);
    expect(deployment.session().region).toBe("nyc");
    leave();
    expect(await open(Page, "mine").hits.read()).toBe(0);
    expect(await inside.hits.read()).toBe(5);
  });

  test("is that of the method that runs, wherever the method goes on", async () => {
    const simulated = new NotedSessions();
    const page = openIn(simulated.createSession("tokyo"), Page, "x");
    const another = await page.openAnother();
    await another.hits.increment(3);
    expect(await openIn(simulated.createSession(), Page, "another").hits.read()).toBe(3);
    expect(await open(Page, "another").hits.read()).toBe(0);
  });
});

describe("a session", () => {
  test("passes on what it has seen as a token, and takes it along when it moves", async () => {
    const simulated = new NotedSessions();
    const leave = enterSession(simulated.createSession());
    const first = deployment.session({ region: "nyc" });
    simulated.last.at(-1)?.seen.set("causal causalBroadcast", [4, 0, 2]);
    expect(first.token()).toBe('[["causal causalBroadcast",[4,0,2]]]');
    const second = deployment.session({ region: "london", token: first.token() });
    expect(second.token()).toBe(first.token());
    await second.moveTo("tokyo");
    expect([second.region, second.token()]).toEqual(["tokyo", first.token()]);
    leave();
  });

  test.each(["", "{}", "[1]", '[["a",["b"]]]', "not JSON"])("refuses a token that no session gave: %s", (token) => {
    expect(() => deployment.session({ token })).toThrow("The token is not one that session.token() gave.");
  });

  test("refuses a region that is none", async () => {
    const regions = new (class extends EmbeddedDeployment {
      override readonly regions = ["nyc", "london"];
    })();
    const leave = enterSession(regions.createSession("nyc"));
    expect(() => deployment.session({ region: "nyk" })).toThrow(
      'There is no region "nyk" in this deployment. Accepted: nyc, london.',
    );
    const session = deployment.session({ region: "london" });
    await expect(session.moveTo("paris")).rejects.toThrow('There is no region "paris"');
    expect(session.region).toBe("london");
    leave();
  });
});
