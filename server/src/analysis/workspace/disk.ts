import fs from "node:fs";

/** All that the analysis asks of the file system, so that what a result depends on can be recorded. Paths are absolute. */
export interface Disk {
  kind(path: string): "file" | "folder" | "none";
  /** Undefined for what is no readable file. */
  read(file: string): string | undefined;
  /** The path itself for what does not exist. */
  realpath(path: string): string;
}

export const disk: Disk = {
  kind(path) {
    try {
      const stats = fs.statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? "none" : stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "none";
    } catch {
      return "none"; // A part of the path is a file, or is not ours to enter.
    }
  },
  read(file) {
    try {
      return fs.readFileSync(file, "utf8");
    } catch {
      return undefined;
    }
  },
  realpath(path) {
    try {
      return fs.realpathSync(path);
    } catch {
      return path;
    }
  },
};
