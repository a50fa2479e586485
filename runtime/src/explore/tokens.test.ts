import { describe, expect, it } from "vitest";
import { Causal, Eventual, Linearizable, Replicated, register, Sequential } from "../index.js";
import { explore, type ScenarioContext } from "../simulation/index.js";
import { of, type Region } from "./testing/account.js";

@Replicated()
class Post {
  @Eventual() readonly draft = register("");
  @Causal() readonly text = register("");
  @Sequential() readonly place = register("");
  @Linearizable() readonly owner = register("");
  constructor(readonly id: string) {}
}

type Field = "draft" | "text" | "place" | "owner";

/** A request in New York writes; the next one, in Tokyo, has nothing of it but what `token` carries. */
const handOver = (field: Field, carriesToken: boolean) =>
  of(async ({ session, check }: ScenarioContext<Region>) => {
    const first = session("nyc");
    await first.open(Post, "p")[field].write("hello");
    const next = session("tokyo", carriesToken ? { token: first.token() } : {});
    const seen = await next.open(Post, "p")[field].read();
    await check("the next request sees it", () => seen === "hello");
  });

const outcome = async (field: Field, carriesToken: boolean): Promise<string> =>
  (await explore(handOver(field, carriesToken), { schedules: 50 })).outcome;

describe("a token that goes from session to session", () => {
  it.each(["text", "place"] as const)(
    "carries along what was seen of a causal or sequential cell: %s",
    async (field) => {
      expect(await outcome(field, true)).toBe("holds");
      expect(await outcome(field, false)).toBe("violated");
    },
  );

  it("is not needed at linearizable, and carries nothing at eventual", async () => {
    expect(await outcome("owner", false)).toBe("holds");
    expect(await outcome("draft", true)).toBe("violated");
  });

  it("is refused when it is not one", async () => {
    const target = of(async ({ session }) => {
      session("nyc", { token: "yesterday" });
    });
    const { violations } = await explore(target, { schedules: 1 });
    expect(violations[0]?.message).toContain("The token is not one that session.token() gave.");
  });
});
