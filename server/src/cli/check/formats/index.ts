import type { Report } from "./report.js";

export const formatNames = ["pretty", "json", "sarif", "github"] as const;
export type FormatName = (typeof formatNames)[number];

/** Each is loaded when it is asked for. */
export const formats: Readonly<Record<FormatName, () => Promise<(report: Report) => string>>> = {
  pretty: async () => (await import("./pretty.js")).renderPretty,
  json: async () => (await import("./json.js")).renderJson,
  sarif: async () => (await import("./sarif.js")).renderSarif,
  github: async () => (await import("./github.js")).renderGithub,
};

export function isFormatName(name: string): name is FormatName {
  return (formatNames as readonly string[]).includes(name);
}

export type { Report } from "./report.js";
