import { counter, Eventual, Linearizable, map, multiPrimary, Replicated, register } from "@faultline/runtime";
import { scenario } from "@faultline/runtime/simulation";
import { Cart, SetCart } from "./carts.js";
import { debit, GoneError, remove, rename, signUp, throwOut, withdraw, world } from "./conflicts.js";

/** 1 · Lost update. Each primary looks whether there is enough, and writes what is left. */
@Replicated()
export class Account {
  // finding: no-underkill-level
  @Eventual({ mechanism: multiPrimary() }) readonly balance = register(1_000);

  async withdraw(amount: number): Promise<void> {
    await this.balance.update((balance) => debit(balance, amount));
  }
}

/** Sends what is taken and not what is left, so that both count. That there is enough is nothing it can promise. */
@Replicated()
export class CountedAccount {
  // finding: no-underkill-level
  @Eventual({ mechanism: multiPrimary() }) readonly balance = counter(1_000);

  async withdraw(amount: number): Promise<void> {
    await this.balance.decrement(amount);
  }
}

/** The right one where an account must not be overdrawn: a majority decides who comes first, the other is refused. */
@Replicated()
export class SafeAccount {
  @Linearizable() readonly balance = register(1_000);

  async withdraw(amount: number): Promise<void> {
    await this.balance.update((balance) => debit(balance, amount));
  }
}

/** 2 · Colliding ids. Each primary gives the next number. */
@Replicated()
export class Users {
  @Eventual({ mechanism: multiPrimary() }) readonly names = map<string, string>();

  async signUp(name: string): Promise<void> {
    const id = 1_001 + (await this.names.entries()).length;
    await this.names.put(String(id), name); // finding: no-colliding-ids
  }
}

/** The right one: an id that no other primary can give. */
@Replicated()
export class NamedUsers {
  @Eventual({ mechanism: multiPrimary() }) readonly names = map<string, string>();

  async signUp(name: string): Promise<void> {
    await this.names.put(crypto.randomUUID(), name);
  }
}

/** 3 · Resurrection. One primary deletes the user whose address the other changes. */
@Replicated()
export class Addresses {
  @Eventual({ mechanism: multiPrimary() }) readonly emails = map<string, string>();

  async change(user: string, email: string): Promise<void> {
    if (await this.emails.has(user)) await this.emails.put(user, email);
  }

  async remove(user: string): Promise<void> {
    await this.emails.delete(user); // finding: no-resurrection
  }
}

/** The right one: a deletion wins over what had not heard of it, and what has heard of it does not write. */
@Replicated()
export class ForgettingAddresses {
  @Eventual({ mechanism: multiPrimary(), conflict: "remove-wins" }) readonly emails = map<string, string>();

  async join(user: string, email: string): Promise<void> {
    await this.emails.put(user, email);
  }

  /** In one step: between a look and a write the deletion may arrive, and the write would come after it. */
  async change(user: string, email: string): Promise<void> {
    await this.emails.update(user, (known) => {
      if (known === undefined) throw new GoneError(`User ${user} is gone.`);
      return email;
    });
  }

  async remove(user: string): Promise<void> {
    await this.emails.delete(user);
  }
}

/** 4 · A merge of the application's own: of two profiles, whatever is there. */
@Replicated()
export class Profile {
  @Eventual({
    mechanism: multiPrimary(),
    // finding: no-unlawful-merge
    merge: (local: Fields, remote: Fields) => ({
      name: remote.name || local.name,
      email: remote.email || local.email,
    }),
  })
  readonly fields = register<Fields>({ name: "", email: "" });

  async rename(name: string): Promise<void> {
    await this.fields.update((fields) => ({ ...fields, name }));
  }
}

/** The right one: each field is a value of its own, and of each the later one stays, on every replica the same. */
@Replicated()
export class FieldwiseProfile {
  @Eventual({ mechanism: multiPrimary() }) readonly fullName = register("");
  @Eventual({ mechanism: multiPrimary() }) readonly email = register("");

  async rename(name: string): Promise<void> {
    await this.fullName.write(name);
  }
}

interface Fields {
  readonly name: string;
  readonly email: string;
}

export const twoWithdrawals = scenario("every withdrawal counts", world, (context) =>
  withdraw(context, (session) => session.open(Account, "123")),
);

export const countedFixed = scenario("every withdrawal counts when each is sent", world, (context) =>
  withdraw(context, (session) => session.open(CountedAccount, "123")),
);

export const refusedFixed = scenario("the second withdrawal is refused", world, (context) =>
  withdraw(context, (session) => session.open(SafeAccount, "123")),
);

/** Vector clocks tell that neither has seen the other; somebody has to know what that means. Here a clerk does. */
export const clerkFixed = scenario("every withdrawal counts once a clerk has seen both", world, async (context) => {
  await withdraw(context, (session) => session.open(Account, "123"));
  await context.sleep(5_000);
  const { balance } = context.session("tokyo").open(Account, "123");
  const siblings = await balance.siblings();
  context.measure("balances side by side", siblings.length);
  // faultline-disable-next-line no-lost-update -- one clerk settles, at night
  await balance.write(siblings.reduce((left, sibling) => left - (1_000 - sibling), 1_000));
});

export const twoSignUps = scenario("everyone who signs up is there", world, (context) =>
  signUp(context, (session) => session.open(Users, "all")),
);

export const twoSignUpsFixed = scenario("everyone is there when nobody counts", world, (context) =>
  signUp(context, (session) => session.open(NamedUsers, "all")),
);

export const deletedUser = scenario(
  "who is deleted stays deleted",
  { ...world, setup: ({ open }) => open(Addresses, "all").emails.put("123", "old@example.com") },
  (context) => remove(context, (session) => session.open(Addresses, "all")),
);

export const deletedUserFixed = scenario(
  "who is deleted stays deleted when removal wins",
  { ...world, setup: ({ open }) => open(ForgettingAddresses, "all").emails.put("123", "old@example.com") },
  (context) => remove(context, (session) => session.open(ForgettingAddresses, "all")),
);

export const twoNames = scenario("all see one name", world, (context) =>
  rename(context, (session) => session.open(Profile, "123")),
);

export const twoNamesFixed = scenario("all see one name when the later one stays", world, (context) =>
  rename(context, (session) => session.open(FieldwiseProfile, "123")),
);

export const thrownOut = scenario(
  "what is thrown out of a cart stays out",
  { ...world, setup: ({ open }) => open(Cart, "123").add("lamp") },
  (context) => throwOut(context, (session) => session.open(Cart, "123")),
);

export const thrownOutFixed = scenario(
  "what is thrown out of a set stays out",
  { ...world, setup: ({ open }) => open(SetCart, "123").add("lamp") },
  (context) => throwOut(context, (session) => session.open(SetCart, "123")),
);
