import { bindingOf } from "../../../cells/handle.js";
import type { SimulatedDeployment } from "../../../deployment/simulated/deployment.js";
import type { Domain } from "../../../deployment/simulated/domain.js";
import type { Recorder } from "../../../explore/recorder.js";
import type { History, HistoryEvent, HistoryMutation } from "../../../history/history.js";
import {
  Causal,
  counter,
  isIndeterminate,
  isUnavailable,
  log,
  type MechanismOptions,
  map,
  Replicated,
  register,
  set,
  Transaction,
} from "../../../index.js";
import { explore, randomFaults, type Session, scenario } from "../../../simulation/index.js";

const regions = ["nyc", "london", "tokyo"] as const;

/** A class with cells of every type, all in one domain of the mechanism that is asked for. */
export function probeWith(options: { readonly mechanism: MechanismOptions }) {
  @Replicated()
  class Probe {
    @Causal(options) readonly value = register(0);
    @Causal(options) readonly views = counter(0);
    @Causal({ ...options, conflict: "add-wins" }) readonly tags = set<string>();
    @Causal({ ...options, conflict: "remove-wins" }) readonly blocked = set<string>();
    @Causal(options) readonly stock = map<string, number>();
    @Causal(options) readonly feed = log<number>();
    constructor(readonly id: string) {}

    @Transaction() async transfer(by: number): Promise<void> {
      await this.views.increment(by);
      await this.value.update((value) => value + by);
      await this.feed.append(by);
    }

    @Transaction() async look(): Promise<unknown> {
      return [await this.value.read(), await this.feed.entries(), await this.views.read(), await this.value.read()];
    }
  }
  return Probe;
}

type Probe = InstanceType<ReturnType<typeof probeWith>>;

/** One schedule of a workload with all data types, transactions and a session that moves, under random faults. */
export async function simulatedHistory(type: ReturnType<typeof probeWith>, seed: number): Promise<History> {
  let deployment: SimulatedDeployment | undefined;
  written = 0;
  const workload = scenario("all types", { regions, faults: randomFaults() }, async ({ session, sleep, random }) => {
    deployment = bindingOf(session("nyc").open(type, "x").value).session.deployment as SimulatedDeployment;
    const works = async (worker: Session, moves: boolean) => {
      for (let i = 0; i < 10; i++, await sleep(random() * 150)) {
        await act(worker.open(type, random() < 0.6 ? "x" : "y"), random).catch(tolerate);
        if (moves) worker.moveTo(regions[Math.floor(random() * 3)] as string);
      }
    };
    await Promise.all([...regions.map((region) => works(session(region), false)), works(session("nyc"), true)]);
  });
  await explore(workload, { seed, schedules: 1 });
  return historyOf(deployment as SimulatedDeployment);
}

function tolerate(error: unknown): void {
  if (!isUnavailable(error) && !isIndeterminate(error)) throw error;
}

let written = 0;

async function act(probe: Probe, random: () => number): Promise<unknown> {
  const tag = random() < 0.5 ? "a" : "b";
  const actions: (() => Promise<unknown>)[] = [
    () => probe.value.read(),
    () => probe.value.siblings(),
    () => probe.value.write(++written),
    () => probe.value.update((value) => value + 1),
    () => probe.value.compareAndSet(0, ++written),
    () => probe.views.read(),
    () => probe.views.increment(1 + Math.floor(random() * 3)),
    () => probe.tags.values(),
    () => probe.tags.add(tag),
    () => probe.tags.delete(tag),
    () => probe.blocked.has(tag),
    () => probe.blocked.add(tag),
    () => probe.blocked.delete(tag),
    () => probe.stock.get(tag),
    () => probe.stock.entries(),
    () => probe.stock.put(tag, ++written),
    () => probe.stock.delete(tag),
    () => probe.feed.entries(),
    () => probe.feed.append(++written),
    () => probe.transfer(2),
    () => probe.look(),
    () => Promise.all([probe.value.read(), probe.value.write(++written), probe.views.increment()]),
  ];
  return (actions[Math.floor(random() * actions.length)] as () => Promise<unknown>)();
}

/** What the judges of a run hand to a checker: one domain with all its evidence. */
function historyOf({ domains, observer }: SimulatedDeployment): History {
  const domain = [...domains.values()][0] as Domain;
  const cells = [...domain.cells.values()].map(({ key, label, type, level, options }) => ({
    ...{ key, label, type: type.name, level, domain: domain.name, initial: type.initial(options), options },
  }));
  const mutations = new Map<number, HistoryMutation>();
  for (const machine of domain.machines) {
    const ledger = machine?.ledger?.();
    if (ledger?.kind !== "mutations") continue;
    for (const { operationId, mutations: carried } of ledger.commits)
      for (const mutation of carried) mutations.set(mutation.dot, { ...mutation, commit: operationId });
  }
  const { events } = observer as Recorder;
  if (domain.mechanism.data === "commands")
    return { version: 1, cells, events: events.map((event) => placed(event, domain)) };
  return { version: 1, cells, events, mutations: [...mutations.values()] };
}

/** Where the agreed order says that its mutations stand. */
function placed(event: HistoryEvent, { machines }: Domain): HistoryEvent {
  const operations = event.operations.map((operation) => {
    const { commit } = operation;
    if (commit === undefined) return operation;
    for (const machine of machines) {
      const ledger = machine?.ledger?.();
      const position = ledger?.kind === "order" ? ledger.positionOf(commit) : undefined;
      if (position !== undefined) return { ...operation, position };
    }
    return operation;
  });
  return { ...event, operations };
}
