import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ImportTableError, parseImportTable } from "./check/import-table.ts";
import { checkLayers, checkManifests } from "./check/layers.ts";
import { repositoryFiles, textFiles } from "./check/repository-files.ts";

const root = join(import.meta.dirname, "..");
const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const table = parseImportTable(architecture);

function faultOf(path: string, source: string): string | undefined {
  return checkLayers([{ path, text: source }], table)[0];
}

describe("allowed imports", () => {
  const planted: readonly (readonly [rule: string, path: string, source: string, fault: RegExp])[] = [
    [
      "the gateway never sees the database",
      "apps/gateway/src/x.ts",
      `import { q } from "@tandem/database";`,
      /apps\/gateway may not import @tandem\/database/,
    ],
    [
      "a type import counts",
      "apps/gateway/src/x.ts",
      `import type { Q } from "@tandem/database";`,
      /may not import/,
    ],
    [
      "an import over several lines counts",
      "packages/sdp/src/x.ts",
      `import {\n  a,\n  b,\n} from "@tandem/sip/message";`,
      /sdp may not import/,
    ],
    [
      "an export from counts",
      "packages/sip/src/message/x.ts",
      `export * from "@tandem/sdp";`,
      /sip may not import/,
    ],
    [
      "an import for its effects counts",
      "packages/sip/src/message/x.ts",
      `import "@tandem/sdp";`,
      /sip may not import/,
    ],
    [
      "a dynamic import counts",
      "packages/sip/src/message/x.ts",
      `const sdp = await ${"import"}("@tandem/sdp");`,
      /sip may not import/,
    ],
    [
      "a type by import() counts",
      "packages/sip/src/message/x.ts",
      `export type X = ${"import"}("@tandem/sdp").X;`,
      /sip may not import/,
    ],
    [
      "require counts",
      "packages/sip/src/message/x.ts",
      `const sdp = ${"require"}("@tandem/sdp");`,
      /sip may not import/,
    ],
    [
      "a test obeys the same table",
      "packages/sip/src/message/x.test.ts",
      `import { x } from "@tandem/sdp";`,
      /sip may not import/,
    ],
    [
      "only the named sub-paths",
      "packages/routing/src/x.ts",
      `import { x } from "@tandem/sip/transport";`,
      /only uri, message/,
    ],
    [
      "not the whole package where sub-paths are named",
      "packages/routing/src/x.ts",
      `import { x } from "@tandem/sip";`,
      /only uri, message/,
    ],
    [
      "test doubles stay out of source",
      "packages/sip/src/transaction/x.ts",
      `import { HandClock } from "@tandem/clock/testing";`,
      /for tests only/,
    ],
    [
      "own test doubles too",
      "packages/sip/src/transaction/x.ts",
      `import { wire } from "../testing/index.ts";`,
      /is test code/,
    ],
    [
      "apps never import apps",
      "apps/cli/src/x.ts",
      `import { x } from "@tandem/control";`,
      /may not import @tandem\/control/,
    ],
    [
      "not by path either",
      "apps/cli/src/x.ts",
      `import { x } from "../../control/src/x.ts";`,
      /leaves apps\/cli/,
    ],
    [
      "a folder whose name begins alike is another",
      "packages/sip/src/x.ts",
      `import { x } from "../../sip-extra/src/x.ts";`,
      /leaves packages\/sip/,
    ],
    [
      "a worker file of another package",
      "apps/cli/src/x.ts",
      `new Worker(new ${"URL"}("../../gateway/src/x.ts", import.meta.url));`,
      /leaves apps\/cli/,
    ],
    [
      "no npm package in a protocol package",
      "packages/sip/src/message/x.ts",
      `import ws from "ws";`,
      /may not import the npm package ws/,
    ],
    [
      "nor a sub-path of one",
      "packages/sdp/src/x.ts",
      `import { x } from "typebox/compile";`,
      /npm package typebox/,
    ],
    [
      "nor a scoped one",
      "packages/sdp/src/x.ts",
      `import { x } from "@scope/name/sub";`,
      /npm package @scope\/name/,
    ],
    [
      "no input and output in a pure package",
      "packages/routing/src/x.ts",
      `import { readFileSync } from "node:fs";`,
      /may not use node:fs/,
    ],
    [
      "nor without the prefix",
      "packages/routing/src/x.ts",
      `import { readFileSync } from "fs";`,
      /may not use node:fs/,
    ],
    [
      "layers of sip point one way",
      "packages/sip/src/message/x.ts",
      `import { x } from "../transport/flow.ts";`,
      /message of sip may not import transport/,
    ],
    [
      "a layer of sip needs a row",
      "packages/sip/src/presence/x.ts",
      `import { x } from "../message/index.ts";`,
      /presence of sip has no row/,
    ],
    ["a package needs a row", "packages/billing/src/x.ts", `export const x = 1;`, /billing has no row/],
    ["no absolute paths", "apps/cli/src/x.ts", `import { x } from "/srv/x.ts";`, /by absolute path/],
  ]; // prettier-ignore
  for (const [rule, path, source, fault] of planted) {
    it(`refuses: ${rule}`, () => assert.match(faultOf(path, source) ?? "no fault", fault));
  }

  const allowed: readonly (readonly [rule: string, path: string, source: string])[] = [
    [
      "a sub-path that is named",
      "packages/routing/src/x.ts",
      `import { parseSipUri } from "@tandem/sip/uri";`,
    ],
    ["a lower layer", "packages/sip/src/transaction/x.ts", `import { x } from "../message/index.ts";`],
    [
      "a test double in a test",
      "packages/sip/src/transaction/x.test.ts",
      `import { HandClock } from "@tandem/clock/testing";`,
    ],
    [
      "a test double in a double",
      "packages/sip/src/testing/x.ts",
      `import { HandClock } from "@tandem/clock/testing";`,
    ],
    ["a package's own name", "packages/sip/src/testing/x.ts", `import { x } from "@tandem/sip/message";`],
    [
      "a development dependency in a test",
      "packages/sip/src/message/x.test.ts",
      `import fc from "fast-check";`,
    ],
    [
      "a comment is no import",
      "packages/sdp/src/x.ts",
      `/**\n * import { x } from "@tandem/sip/message";\n */`,
    ],
    [
      "a word is no import",
      "packages/sdp/src/x.ts",
      `const text = "taken from";\nconst other = "@tandem/sip";`,
    ],
  ];
  for (const [rule, path, source] of allowed) {
    it(`allows: ${rule}`, () => assert.equal(faultOf(path, source), undefined));
  }

  it("names every violation of a file", () => {
    const text = `import a from "@tandem/sdp";\nimport b from "@tandem/media";\n`;
    assert.equal(checkLayers([{ path: "packages/sip/src/message/x.ts", text }], table).length, 2);
  });

  it("holds for every file of the repository", () => {
    const files = textFiles(root, repositoryFiles(root));
    assert.deepEqual([...checkLayers(files, table), ...checkManifests(files, table)], []);
  });

  it("looks at the files there are", () => {
    const sources = repositoryFiles(root).filter((path) => /^packages\/sip\/src\/.*\.ts$/.test(path));
    assert.ok(sources.length > 20, `${sources.length} files of packages/sip`);
    const withoutRow = { ...table, rules: new Map([...table.rules].filter(([name]) => name !== "sip")) };
    const faults = checkLayers(textFiles(root, sources), withoutRow);
    assert.equal(faults.length, sources.length);
  });
});

describe("declared dependencies", () => {
  const manifest = (dependencies: Record<string, string>): string => JSON.stringify({ dependencies });
  const faultsOf = (path: string, dependencies: Record<string, string>): readonly string[] =>
    checkManifests([{ path, text: manifest(dependencies) }], table);

  it("refuses one that the table does not allow, used or not", () => {
    assert.deepEqual(faultsOf("apps/gateway/package.json", { "@tandem/database": "0.1.0", ws: "8.0.0" }), [
      "apps/gateway/package.json: apps/gateway may not depend on @tandem/database",
    ]);
    assert.deepEqual(faultsOf("packages/sip/package.json", { ws: "8.0.0" }), [
      "packages/sip/package.json: sip may not depend on ws",
    ]);
  });

  it("protocol packages have no npm dependencies", () => {
    for (const name of [
      "clock",
      "sip",
      "sdp",
      "numbering",
      "routing",
      "reasons",
      "media",
      "b2bua",
      "telemetry",
    ]) {
      assert.deepEqual([...(table.rules.get(name)?.npm ?? ["no row"])], [], name);
    }
  });
});

describe("the table in ARCHITECTURE.md", () => {
  it("has a row for every package and program, and no other", () => {
    const folders = new Set(
      repositoryFiles(root)
        .flatMap((path) => /^(packages|apps)\/([^/]+)\/package\.json$/.exec(path) ?? [])
        .filter((part) => part.includes("/")),
    );
    const expected = [...folders].map((path) => path.replace("/package.json", "").replace("packages/", ""));
    assert.deepEqual([...table.rules.keys()].sort(), [...expected, "benchmarks", "lab", "tools"].sort());
  });

  it("has a column for every library", () => {
    const named = new Set([...table.rules.values()].flatMap((rule) => [...rule.packages.keys()]));
    for (const name of table.rules.keys()) {
      if (!name.includes("/") && !["lab", "benchmarks", "tools"].includes(name))
        assert.ok(named.has(name), name);
    }
  });

  it("is refused when it is missing, empty or crooked", () => {
    assert.throws(() => parseImportTable("# nothing"), ImportTableError);
    assert.throws(() => parseImportTable(architecture.replace("| node: |", "|")), ImportTableError);
    assert.throws(
      () => parseImportTable(architecture.replace("\n| reasons |", "\n| clock |")),
      ImportTableError,
    );
    const begin = "<!-- imports:begin -->";
    assert.throws(() => parseImportTable(`${begin}\n<!-- imports:end -->`), ImportTableError);
  });
});
