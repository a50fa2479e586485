import { expect, it } from "vitest";
import { Eventual, Linearizable, Replicated, register } from "../index.js";
import { explore, type FaultControl, scenario } from "../simulation/index.js";

@Replicated()
class Page {
  @Eventual() readonly title = register(0);
  @Linearizable() readonly text = register(0);
  constructor(readonly id: string) {}
}

const regions = ["nyc", "london", "tokyo"] as const;

/** What a scenario's body calls, of the kinds that are about messages between regions. */
const begin: Readonly<Record<string, (faults: FaultControl) => { heal(): void }>> = {
  cut: (faults) => faults.cut("nyc", "london"),
  bridge: (faults) => faults.bridge("tokyo"),
  isolateLeader: (faults) => faults.isolateLeader(),
  duplication: (faults) => faults.duplication(0.5),
  reordering: (faults) => faults.reordering(0.5, 200),
  delay: (faults) => faults.delay(100, { to: "nyc" }),
  slowRegion: (faults) => faults.slowRegion("london", 5),
};

it.each(Object.keys(begin))("a scenario's body begins a %s when it likes, and heals it", async (fault) => {
  const target = scenario(fault, { regions }, async ({ session, sleep, faults, check }) => {
    const pages = regions.map((region) => session(region).open(Page, "home"));
    const writeEverywhere = async () => {
      for (const [i, page] of pages.entries()) await page.title.write(i);
    };
    await pages[0]?.text.write(1);
    const active = begin[fault]?.(faults);
    for (let i = 0; i < 20; i++, await sleep(50)) await writeEverywhere();
    active?.heal();
    await sleep(3_000);
    await pages[0]?.text.write(2);
    await check("all is as before", async () => (await pages[2]?.text.read()) === 2);
  });
  const report = await explore(target, { schedules: 3 });
  expect(report.violations).toEqual([]);
  expect(report.faultsFired).toEqual({ [fault]: 3 });
});
