import type { SimulatedDeployment } from "../../../deployment/simulated/deployment.js";
import type { Domain } from "../../../deployment/simulated/domain.js";
import type { Draft, DraftOperation } from "../../record.js";

/**
 * What a schedule reached, as texts that do not depend on its values: whenever an operation ends, how far each write of
 * another session to the same cell had come by then, and whether the two overlapped. After reads-from pairs, by which
 * concurrent programs are fuzzed (Wolff et al., Greybox Fuzzing for Concurrency Testing, ASPLOS 2024); where state is
 * replicated, a write that is on one replica only is between being read and not being read.
 */
export class Situations {
  readonly reached = new Set<string>();
  private readonly writes = new Map<string, Write[]>();
  private readonly places = new Map<string, Place>();

  /** An operation has ended, or a transaction, by now with all that was asked in it. */
  ended(event: Draft, deployment: SimulatedDeployment): void {
    if (event.isSetup || event.isJudging) return;
    if (event.operations.length === 0) this.reached.add(`nothing ${event.status} ${event.transaction}`);
    for (const operation of event.operations) this.look(operation, event, deployment);
    for (const operation of event.operations) this.keepWrite(operation, event);
  }

  private look({ cell, operation }: DraftOperation, event: Draft, deployment: SimulatedDeployment): void {
    const { domain, field } = this.placeOf(cell, deployment);
    const what = `${field}.${operation.name} ${event.status}`;
    const here = domain.machines[deployment.world.regionIndexOf(event.region)];
    const others = (this.writes.get(cell) ?? []).filter((write) => write.event.session !== event.session);
    if (others.length === 0) this.reached.add(what);
    for (const { commit, name, event: writing } of others) {
      const isHere = here?.has(commit) === true;
      const overlaps = writing.completedOrder === undefined || writing.completedOrder > (event.invokedOrder ?? 0);
      const spread = spreadOf(commit, domain);
      this.reached.add(`${what} ${field}.${name} ${writing.status} ${isHere} ${spread} ${overlaps}`);
    }
  }

  private keepWrite({ cell, operation, commit }: DraftOperation, event: Draft): void {
    if (commit === undefined) return;
    const { name } = operation;
    const writes = this.writes.get(cell);
    if (writes === undefined) this.writes.set(cell, [{ commit, name, event }]);
    else writes.push({ commit, name, event });
  }

  private placeOf(cell: string, deployment: SimulatedDeployment): Place {
    const known = this.places.get(cell);
    if (known !== undefined) return known;
    for (const domain of deployment.domains.values()) {
      const label = domain.cells.get(cell)?.label;
      if (label === undefined) continue;
      const place = { domain, field: label.slice(label.lastIndexOf(".") + 1) };
      this.places.set(cell, place);
      return place;
    }
    throw new Error(`no domain has the cell ${cell}`);
  }
}

interface Write {
  readonly commit: number;
  /** Of the operation. */
  readonly name: string;
  readonly event: Draft;
}

interface Place {
  readonly domain: Domain;
  readonly field: string;
}

/** On how many replicas a write is. */
function spreadOf(commit: number, { machines }: Domain): string {
  let count = 0;
  for (const machine of machines) if (machine?.has(commit) === true) count++;
  return count === machines.length ? "all" : String(count);
}
