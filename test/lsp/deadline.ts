import { vi } from "vitest";

// A deadline and not an expectation: several processes share the cores with a server that simulates.
vi.setConfig({ testTimeout: 30_000 });
