import { isAnnotationError, isConflict, open } from "@faultline/runtime";
import { Account, Page, Popularity, Savings, Service, Shelf, Warehouse } from "./account.js";

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: Error) => `${error.name}: ${error.message}`,
  );

async function observe(): Promise<Record<string, unknown>> {
  const alice = open(Account, "alice");
  const bob = open(Savings, "bob");
  await alice.transfer(bob, 30);
  await bob.transfer(alice, 5);
  await open(Page, "home").hits.increment();
  await alice.limits.put("day", 3);
  await alice.owners.add("ann");
  await alice.comments.append({ author: "ann", text: "hi" });
  const shelf = open(Shelf, "A1");
  await shelf.handle("receive");
  await shelf.handle("sell");
  await shelf.project();
  await open(Popularity, "all").sold.put("A1", await shelf.howManySold());
  const { stream, snapshots } = open(Warehouse, "A1");
  await stream.execute("receive");
  await stream.execute("sell");
  return {
    overdraft: await failure(bob.transfer(alice, 1000)),
    balances: [await alice.balance.read(), await bob.balance.read()],
    visits: await bob.visits.read(),
    interest: await bob.interest.read(),
    saga: [await failure(alice.pay(10)), await alice.balance.read()],
    glance: await alice.glance(),
    invariants: [await alice.solvent(), await Account.conserved([alice, bob])],
    page: await open(Page, "home").hits.read(),
    others: [await alice.limits.entries(), await alice.owners.values(), await alice.comments.entries()],
    unbound: await new Account("carol").balance.read().catch(isAnnotationError),
    shelf: [(await shelf.events.entries()).map(({ type }) => type), await open(Popularity, "all").sold.get("A1")],
    stream: [
      (await stream.state()).state,
      (await stream.around(2))?.before,
      (await snapshots.get("newest"))?.version,
      await stream.append([{ type: "sold" }], { expectedVersion: 1 }).catch(isConflict),
    ],
    service: new Service().size(),
  };
}

observe().then((observed) => console.log(JSON.stringify(observed)));
