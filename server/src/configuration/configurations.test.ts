import { describe, expect, it } from "vitest";
import { Configurations, configurationSchema, unconfigured } from "./index.js";

const rules = [
  { id: "no-strong-counter", severity: "warning", summary: "A counter." },
  { id: "no-dual-write", severity: "error", summary: "Two stores." },
] as const;

/** Files that lie nowhere but here. */
function tree(files: Record<string, string>): {
  readonly configurations: Configurations;
  readonly files: typeof files;
} {
  return { configurations: new Configurations(configurationSchema(rules), (file) => files[file]), files };
}

function problemsOf(text: string, file = "/app/faultline.config.json"): readonly string[] {
  const { configurations } = tree({ [file]: text });
  expect(configurations.of("/app/src/page.ts")).toEqual(unconfigured);
  return configurations.problems.map(({ at, range: { start, end }, message, help }) =>
    `${start.line}:${start.column}-${end.column} ${at} | ${message} ${help}`.trimEnd(),
  );
}

describe("the configuration of a file", () => {
  it("is that of the nearest folder, and of it alone", () => {
    const { configurations } = tree({
      "/app/faultline.config.json": '{ "severities": { "no-strong-counter": "off" }, "schedules": 50 }',
      "/app/packages/shop/faultline.config.json": '{ "severities": { "no-dual-write": "warning" } }',
      "/app/packages/stock/package.json": '{ "name": "stock", "faultline": { "regions": ["paris"] } }',
      "/app/packages/plain/package.json": '{ "name": "faultline" }',
    });
    const severitiesOf = (file: string) => configurations.of(file).severities;
    expect(severitiesOf("/app/src/page.ts")).toEqual({ "no-strong-counter": "off" });
    expect(severitiesOf("/app/packages/shop/src/deep/page.ts")).toEqual({ "no-dual-write": "warning" });
    expect(severitiesOf("/app/packages/plain/page.ts")).toEqual({ "no-strong-counter": "off" });
    expect(configurations.of("/app/packages/plain/page.ts").schedules).toBe(50);
    expect(configurations.of("/app/packages/stock/page.ts")).toMatchObject({
      regions: { places: [{ name: "paris" }], areDefault: false },
      severities: {},
    });
    expect(configurations.of("/elsewhere/page.ts")).toBe(unconfigured);
    expect(configurations.problems).toEqual([]);
  });

  it("has other severities where an override matches, the last one above all", () => {
    const { configurations } = tree({
      "/app/faultline.config.json": `{
        "severities": { "no-strong-counter": "error", "no-dual-write": "error" },
        "overrides": [
          { "files": ["packages/legacy", "*.test.ts"], "severities": { "no-strong-counter": "off" } },
          { "files": ["packages/legacy/new/**"], "severities": { "no-strong-counter": "warning" } },
        ],
      }`,
    });
    const severityOf = (path: string) => configurations.of(`/app/${path}`).severities["no-strong-counter"];
    expect(severityOf("src/page.ts")).toBe("error");
    expect(severityOf("packages/legacy/src/page.ts")).toBe("off");
    expect(severityOf("packages/legacy2/src/page.ts")).toBe("error");
    expect(severityOf("src/deep/page.test.ts")).toBe("off");
    expect(severityOf("packages/legacy/new/page.ts")).toBe("warning");
    expect(configurations.of("/app/packages/legacy/page.ts").severities["no-dual-write"]).toBe("error");
  });

  it("says which files are meant", () => {
    const { configurations } = tree({
      "/app/faultline.config.json": `{
        "include": ["src", "./apps/*/src/", "tools/**/*.{ts,mts}"],
        "exclude": ["**/generated", "!src/generated/keep.ts", "*.spec.ts"]
      }`,
    });
    const included = [
      "src/page.ts",
      "src/deep/.hidden/page.ts",
      "apps/shop/src/page.ts",
      "tools/run/now.mts",
      "src/generated/keep.ts",
    ];
    const left = [
      "page.ts",
      "srcs/page.ts",
      "apps/src/page.ts",
      "tools/run/now.cts",
      "src/generated/page.ts",
      "apps/shop/src/a/generated/b/page.ts",
      "src/page.spec.ts",
    ];
    expect([...included, ...left].filter((path) => configurations.of(`/app/${path}`).isIncluded)).toEqual(included);
  });

  it("names regions, or gives their places", () => {
    const place = { name: "moon base", latitude: 0.67, longitude: 23.47 };
    const { configurations } = tree({
      "/app/faultline.config.json": JSON.stringify({ regions: ["frankfurt", place] }),
    });
    const { places } = configurations.of("/app/page.ts").regions;
    expect(places).toEqual([{ name: "frankfurt", latitude: 50.1109, longitude: 8.6821 }, place]);
  });

  it("may have comments and trailing commas, and name its schema", () => {
    const { configurations } = tree({
      "/app/faultline.config.json": '// ours\n{ "$schema": "./node_modules/x.json", /* few */ "schedules": 5, }\n',
    });
    expect(configurations.of("/app/page.ts").schedules).toBe(5);
  });
});

describe("a configuration that cannot be used", () => {
  it.each([
    ["", "1:1-2  | This configuration is empty. Write {} to change nothing."],
    [
      "{",
      "1:1-2  | This is not JSON: `{` is not expected here, or never closed. Comments and trailing commas are allowed; look for a missing comma, quote or bracket.",
    ],
    [
      '{\n  "schedules": five\n}',
      "2:16-17  | This is not JSON: this is no value. Comments and trailing commas are allowed; look for a missing comma, quote or bracket.",
    ],
    ["[]", "1:1-3  | The configuration is a list. It has to be an object."],
    [
      '{ "severity": {} }',
      "1:3-13 severity | The configuration has no key `severity`. Did you mean `severities`? The keys are $schema, severities, overrides, include, exclude, regions, schedules.",
    ],
    [
      '{ "severities": { "no-strong-count": "off" } }',
      "1:19-36 severities.no-strong-count | There is no rule `no-strong-count`. Did you mean `no-strong-counter`? The rules are no-strong-counter, no-dual-write.",
    ],
    [
      '{ "severities": { "no-dual-write": "warn" } }',
      '1:36-42 severities.no-dual-write | `severities.no-dual-write` is "warn", which is not one of its values. Did you mean `warning`? The values are off, information, warning, error.',
    ],
    [
      '{ "overrides": [ { "files": "src" } ] }',
      "1:3-14 overrides[0].severities | `overrides[0].severities` is missing. It has to be an object.",
      '1:29-34 overrides[0].files | `overrides[0].files` is "src". It has to be a list.',
    ],
    ['{ "include": [""] }', "1:15-17 include[0] | `include[0]` is empty. Give at least one, or leave the key out."],
    ['{ "regions": [] }', "1:14-16 regions | `regions` is empty. Give at least one, or leave the key out."],
    [
      '{ "regions": ["tokio"] }',
      '1:15-22 regions[0] | `regions[0]` is "tokio", which is not one of its values. Did you mean `tokyo`?',
    ],
    ['{ "regions": ["nyc", "nyc"] }', '1:22-27 regions[1] | The region "nyc" is named twice. Name each once.'],
    [
      '{ "regions": [{ "name": "a", "latitude": 91, "longitude": 0 }] }',
      "1:42-44 regions[0].latitude | `regions[0].latitude` is 91. The most is 90.",
    ],
    [
      '{ "regions": [7] }',
      "1:15-16 regions[0] | `regions[0]` is 7. It has to be the name of a region, or its place: { name, latitude, longitude }.",
    ],
    ['{ "schedules": 0 }', "1:16-17 schedules | `schedules` is 0. The least is 1."],
    ['{ "schedules": 1.5 }', "1:16-19 schedules | `schedules` is 1.5. It has to be a whole number."],
  ])("says what is wrong with %j, where, and what is right", (text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it("is found in a package.json too, which itself is nobody's here", () => {
    expect(problemsOf('{\n  "faultline": { "schedules": "many" }\n}', "/app/package.json")).toEqual([
      '2:31-37 schedules | `schedules` is "many". It has to be a number.',
    ]);
    expect(problemsOf('{ "faultline": ', "/app/package.json")).toEqual([]);
  });

  it("holds as it last was, and holds again once it is right or gone", () => {
    const { configurations, files } = tree({ "/app/faultline.config.json": '{ "schedules": 5 }' });
    const schedules = () => configurations.of("/app/src/page.ts").schedules;
    expect(schedules()).toBe(5);
    files["/app/faultline.config.json"] = '{ "schedules": }';
    expect(schedules()).toBe(5);
    configurations.forget();
    expect(schedules()).toBe(5);
    expect(configurations.problems).toHaveLength(1);
    files["/app/faultline.config.json"] = '{ "schedules": 7 }';
    configurations.forget();
    expect(schedules()).toBe(7);
    expect(configurations.problems).toEqual([]);
    delete files["/app/faultline.config.json"];
    configurations.forget();
    expect(schedules()).toBeUndefined();
  });
});
