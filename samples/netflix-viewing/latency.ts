import { scenario } from "@faultline/runtime/simulation";
import { StreamedAccount } from "./streamed-account.js";

const measured = (name: string, places: readonly [string, string, string]) =>
  scenario(
    name,
    { regions: places, setup: ({ open }) => open(StreamedAccount, "ann").subscribe() },
    async ({ session, sleep, random, now, measure, check }) => {
      const account = session(places[0]).open(StreamedAccount, "ann");
      const phone = session(places[1]).open(StreamedAccount, "ann");
      await sleep(random() * 100);
      const startedAt = now();
      const token = await account.play("Dark", "tap-1");
      measure("a write", now() - startedAt, { unit: "ms", claim: "< 50 ms" });

      const writtenAt = now();
      const projecting = sleep(random() * 100).then(() => account.project()); // it looks ten times a second
      await phone.watched();
      measure("a read", now() - writtenAt, { unit: "ms", claim: "< 10 ms" });
      const { isStale } = await phone.watched(token);
      measure("until a read that waits has it", now() - writtenAt, { unit: "ms" });
      await check("the phone shows what was played", () => !isStale);
      for (const [name, each] of Object.entries(phone.views)) {
        while ((await each.checkpoint()).versions["ann"] !== token["ann"]) await sleep(5);
        measure(`lag of ${name}`, now() - writtenAt, { unit: "ms" });
      }
      await projecting;
    },
  );

export const continentsMeasured = measured("what Play waits for across continents", ["virginia", "oregon", "dublin"]);
export const coastMeasured = measured("what Play waits for along one coast", ["virginia", "ohio", "montreal"]);
