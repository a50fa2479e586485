import { mkdirSync, renameSync, rmSync } from "node:fs";

/** Where a folder is made until it is whole. */
export const beside = (target: string): string => `${target}.building-${process.pid}`;

/**
 * What `fill` puts beside the target becomes the target at its end: whoever runs meanwhile, or after a build that failed,
 * has the one before.
 */
export async function wholeFolder(target: string, fill: () => Promise<void>): Promise<void> {
  const folder = beside(target);
  try {
    mkdirSync(folder, { recursive: true });
    await fill();
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
