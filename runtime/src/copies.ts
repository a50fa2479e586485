/**
 * Two copies of this package in one process do not know each other's classes and cells. That cannot be prevented, but
 * it can be told: each copy counts itself in a place that all of them share.
 */
const key = Symbol.for("faultline.runtime.copies");

interface Shared {
  [key]?: number;
}

const shared = globalThis as Shared;
shared[key] = (shared[key] ?? 0) + 1;

/** What to do about a class or cell that this copy has not made. */
export const foreignCopyHelp = (): string =>
  `${shared[key] === 1 ? "Another copy" : `${shared[key]} copies`} of @faultline/runtime seem to be loaded in this process: let the package manager install one, and import it from one place.`;
