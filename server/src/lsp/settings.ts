import { DidChangeConfigurationNotification } from "vscode-languageserver/node";
import { z } from "zod";
import { settingsSection } from "../protocol.js";
import type { Feature } from "./feature.js";
import type { Session } from "./session.js";

/** A setting with a wrong value counts as not set: an editor must not lose its squiggles over a typing mistake. */
const settingsSchema = z.object({
  codeLens: z
    .object({ simulate: z.boolean().catch(true), compareLevels: z.boolean().catch(true) })
    .catch({ simulate: true, compareLevels: true }),
  simulate: z
    .object({ schedules: z.int().min(1).max(1_000_000).nullable().catch(null), seed: z.int().min(0).catch(1) })
    .catch({ schedules: null, seed: 1 }),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({ codeLens: {}, simulate: {} });

export const settings: Feature = {
  register(session) {
    const { connection, options } = session;
    if (options.settings !== undefined) session.settings = read(options.settings);
    if (canAsk(session)) session.settingsArriving = new Promise((resolve) => started.set(session, resolve));
    connection.onDidChangeConfiguration(({ settings: pushed }) => {
      if (canAsk(session)) session.settingsArriving = ask(session);
      else apply(session, read((pushed as Record<string, unknown> | null)?.[settingsSection]));
    });
  },

  async start(session) {
    if (canAsk(session)) {
      await ask(session);
      started.get(session)?.();
    }
    if (session.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      await session.connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
    }
  },
};

/** What ends the wait for a session's first settings. */
const started = new WeakMap<Session, () => void>();

function canAsk(session: Session): boolean {
  return session.capabilities.workspace?.configuration === true;
}

async function ask(session: Session): Promise<void> {
  try {
    apply(session, read(await session.connection.workspace.getConfiguration(settingsSection)));
  } catch (error) {
    session.report("The settings could not be read", error);
  }
}

function read(value: unknown): Settings {
  return settingsSchema.catch(defaultSettings).parse(value ?? {});
}

function apply(session: Session, next: Settings): void {
  const { simulate, compareLevels } = session.settings.codeLens;
  const lensesChanged = next.codeLens.simulate !== simulate || next.codeLens.compareLevels !== compareLevels;
  session.settings = next;
  if (lensesChanged && session.capabilities.workspace?.codeLens?.refreshSupport === true) {
    session.connection.languages.connection.sendRequest("workspace/codeLens/refresh").catch(() => undefined);
  }
}
