import { isUnavailable } from "@faultline/runtime";
import { partition, type ScenarioContext, type Session } from "@faultline/runtime/simulation";

/** Two coasts that are cut off from each other, on and off. A third primary is there to look. */
export const world = {
  regions: ["virginia", "frankfurt", "tokyo"],
  faults: [partition([["virginia"], ["frankfurt", "tokyo"]], { fromMs: 0, untilMs: 1_000 })],
} as const;

type Context = ScenarioContext<(typeof world.regions)[number]>;
type Open<T> = (session: Session) => T;
type Work<T> = (opened: T) => Promise<void>;

interface Books {
  withdraw(amount: number): Promise<void>;
  readonly balance: { read(): Promise<number> };
}

/** 800 in America, 600 in Europe, and 1,000 on the account. */
export async function withdraw(context: Context, open: Open<Books>) {
  const [america, europe] = await both(
    context,
    open,
    (one) => one.withdraw(800),
    (one) => one.withdraw(600),
  );
  const left = 1_000 - (america ? 800 : 0) - (europe ? 600 : 0);
  context.converged("what was paid out is not in the account", async (reader) => {
    const balance = await open(reader).balance.read();
    context.measure("paid out and still there", balance - left, { unit: "$" });
    return balance === left;
  });
}

interface Directory {
  signUp(name: string): Promise<void>;
  readonly names: { entries(): Promise<readonly (readonly [id: string, name: string])[]> };
}

/** Ann in America, Bob in Europe. */
export async function signUp(context: Context, open: Open<Directory>) {
  await both(
    context,
    open,
    (users) => users.signUp("Ann"),
    (users) => users.signUp("Bob"),
  );
  context.converged("both are there", async (reader) => {
    const names = (await open(reader).names.entries()).map(([, name]) => name);
    return names.sort().join(" and ") === "Ann and Bob";
  });
}

interface AddressBook {
  change(user: string, email: string): Promise<void>;
  remove(user: string): Promise<void>;
  readonly emails: { has(user: string): Promise<boolean> };
}

/** America deletes the user whose address Europe changes. */
export async function remove(context: Context, open: Open<AddressBook>) {
  await both(
    context,
    open,
    (users) => users.remove("123"),
    (users) => users.change("123", "new@example.com"),
  );
  context.converged("user 123 is gone", async (reader) => !(await open(reader).emails.has("123")));
}

interface Named {
  rename(name: string): Promise<void>;
}

/** Two names for one user. Whether all replicas come to the same is judged without being asked. */
export async function rename(context: Context, open: Open<Named>) {
  await both(
    context,
    open,
    (profile) => profile.rename("Ann"),
    (profile) => profile.rename("Anna"),
  );
}

interface Basket {
  add(item: string): Promise<void>;
  remove(item: string): Promise<void>;
  contents(): Promise<readonly string[]>;
}

/** There is a lamp in the cart. America throws it out, Europe adds a pen. */
export async function throwOut(context: Context, open: Open<Basket>) {
  await both(
    context,
    open,
    (cart) => cart.remove("lamp"),
    (cart) => cart.add("pen"),
  );
  context.converged("no lamp", async (reader) => [...(await open(reader).contents())].sort().join() === "pen");
}

/** One in America and one in Europe, within the same second or the next. Tells whom of them nobody refused. */
async function both<T>({ session, sleep, random }: Context, open: Open<T>, ...works: readonly [Work<T>, Work<T>]) {
  const attempt = async (region: "virginia" | "frankfurt", work: Work<T>) => {
    await sleep(random() * 1_500);
    try {
      await work(open(session(region)));
      return true;
    } catch (error) {
      if (error instanceof InsufficientFundsError || error instanceof GoneError || isUnavailable(error)) return false;
      throw error;
    }
  };
  return await Promise.all([attempt("virginia", works[0]), attempt("frankfurt", works[1])]);
}

export class InsufficientFundsError extends Error {
  override readonly name = "InsufficientFundsError";
}

export class GoneError extends Error {
  override readonly name = "GoneError";
}

export function debit(balance: number, amount: number): number {
  if (balance < amount) throw new InsufficientFundsError(`${amount} asked for, ${balance} there`);
  return balance - amount;
}
