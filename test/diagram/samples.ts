import { join } from "node:path";
import { root } from "../../scripts/run.js";
import type { Gallery } from "../../server/src/diagram/input.js";
import { galleryOf, simulate } from "../../server/src/simulate/index.js";

/** What a sample violates in its first schedules, as pictures. */
export async function sampleGallery(id: string): Promise<Gallery> {
  const file = join(root, `samples/${id}/${id}.ts`);
  const { finished } = await simulate({ file, schedules: 50, seed: 1, cwd: root });
  return galleryOf(finished);
}
