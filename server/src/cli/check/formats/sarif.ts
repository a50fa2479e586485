import { pathToFileURL } from "node:url";
import type { ArtifactLocation, Location, Log, Region, ReportingDescriptor, Result, Run, Fix as SarifFix } from "sarif";
import server from "../../../../package.json" with { type: "json" };
import type { Finding, Fix, Range, Severity } from "../../../documents/finding.js";
import { rules } from "../../../rules/index.js";
import { rulePage } from "../../rule-page.js";
import { fingerprints } from "../context.js";
import { nameIn } from "../results.js";
import type { Report } from "./report.js";

/** SARIF 2.1.0, which code scanning services read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(report: Report): string {
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [runOf(report)],
  };
  return JSON.stringify(log, null, 2);
}

const levels = { error: "error", warning: "warning", information: "note" } as const satisfies Record<Severity, string>;
const baseId = "SRCROOT";

function runOf(report: Report): Run {
  const { root, results } = report;
  return {
    tool: {
      driver: {
        name: "faultline",
        version: server.version,
        semanticVersion: server.version,
        rules: rules.map(descriptor),
      },
    },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { [baseId]: { uri: `${pathToFileURL(root).href}/` } },
    invocations: [
      {
        executionSuccessful: results.notes.length === 0,
        toolExecutionNotifications: [
          ...results.notes.map((text) => ({ level: "error" as const, message: { text } })),
          ...results.syntaxErrors.map(({ file, range, message }) => ({
            level: "warning" as const,
            message: { text: `The file does not parse (${message}); findings may be missing.` },
            locations: [location(root, file, range)],
          })),
        ],
      },
    ],
    results: [...fingerprints(report)].map(([fingerprint, finding]) => resultOf(finding, fingerprint, root)),
  };
}

function descriptor(rule: (typeof rules)[number]): ReportingDescriptor {
  const page = rulePage(rule.id)?.text() ?? rule.summary;
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.summary },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: levels[rule.severity] },
    // What GitHub sorts and filters by.
    properties: {
      tags: ["consistency", "distributed-systems"],
      precision: "high",
      "problem.severity": rule.severity === "information" ? "recommendation" : rule.severity,
    },
  };
}

function resultOf(finding: Finding, fingerprint: string, root: string): Result {
  const { rule, severity, file, range, message, why, help, related, fixes } = finding;
  return {
    ruleId: rule,
    // What is wrong with a configuration is no rule's finding: -1 says that it is not in the list.
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: [message, why, help].filter((part) => part !== "").join("\n") },
    locations: [location(root, file, range)],
    relatedLocations: related.map((each, index) => ({
      id: index + 1,
      ...location(root, each.file, each.range),
      message: { text: each.message },
    })),
    partialFingerprints: { "faultlineContext/v1": fingerprint },
    fixes: fixes.map((fix) => fixOf(fix, root)),
  };
}

function fixOf({ title, kind, edits }: Fix, root: string): SarifFix {
  return {
    description: { text: title },
    artifactChanges: [...new Set(edits.map(({ file }) => file))].map((file) => ({
      artifactLocation: artifact(root, file),
      replacements: edits
        .filter((edit) => edit.file === file)
        .map(({ range, text }) => ({ deletedRegion: region(range), insertedContent: { text } })),
    })),
    properties: { kind },
  };
}

function location(root: string, file: string, range: Range): Location {
  return { physicalLocation: { artifactLocation: artifact(root, file), region: region(range) } };
}

/** Relative where it can be: other machines have the code elsewhere. */
function artifact(root: string, file: string): ArtifactLocation {
  const name = nameIn(root, file);
  if (name.startsWith("../")) return { uri: pathToFileURL(file).href };
  return { uri: name.split("/").map(encodeURIComponent).join("/"), uriBaseId: baseId };
}

function region({ start, end }: Range): Region {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
