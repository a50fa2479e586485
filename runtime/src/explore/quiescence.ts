import type { SimulatedDeployment } from "../deployment/simulated/deployment.js";
import type { Domain } from "../deployment/simulated/domain.js";
import type { World } from "../simulation/world.js";
import type { Driver } from "./driver.js";

/** Quiescence has to come within this much virtual time after all faults are healed. */
export const quiescenceBoundUs = 60_000_000;
/** The longest default round of anti-entropy. */
const roundUs = 1_000_000;

/** Nothing in flight, and all digests unchanged for two rounds of anti-entropy. False if that takes too long. */
export async function quiesce(world: World, deployment: SimulatedDeployment, driver: Driver): Promise<boolean> {
  const longestUs = longestRoundUs(deployment);
  const heldUs = world.heldUntilUs - world.nowUs;
  if (heldUs > longestUs) await driver.pass(heldUs);
  const boundUs = world.nowUs + quiescenceBoundUs;
  let unchanged = 0;
  let before: string | undefined;
  while (unchanged < 2 && world.nowUs < boundUs) {
    const digest = digestOf(deployment);
    unchanged = digest === before && !isBusy(deployment) ? unchanged + 1 : 0;
    before = digest;
    if (unchanged < 2) await driver.pass(longestUs);
  }
  return unchanged >= 2;
}

/** Canonical text of what all replicas have applied. */
export function digestOf({ domains }: SimulatedDeployment): string {
  const parts: string[] = [];
  for (const domain of domains.values()) for (const machine of domain.machines) parts.push(machine?.digest() ?? "");
  return parts.join("\n\n");
}

function isBusy({ outstanding, domains }: SimulatedDeployment): boolean {
  const isAtWork = (domain: Domain) => domain.machines.some((machine) => machine?.isBusy?.() === true);
  return outstanding > 0 || [...domains.values()].some(isAtWork);
}

function longestRoundUs({ domains }: SimulatedDeployment): number {
  let longestUs = roundUs;
  for (const { options } of domains.values()) {
    const { intervalMs } = options;
    if (typeof intervalMs === "number") longestUs = Math.max(longestUs, intervalMs * 1000);
  }
  return longestUs;
}
