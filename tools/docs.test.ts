/** Prose is tested: what the documents say about files, commands and tables is so. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { houseGates } from "./check/gates.ts";
import { repositoryFiles } from "./check/repository-files.ts";
import { partNames } from "./test/options.ts";

const root = join(import.meta.dirname, "..");
const paths = repositoryFiles(root);
const documents = paths.filter((path) => path.endsWith(".md"));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Text of the document without blocks and spans of code, in which brackets are no links. */
const withoutCode = (text: string): string =>
  text.replaceAll(/```[^]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

function anchorsOf(path: string): readonly string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ""));
}

/** A heading of a document, or a line of any other file. */
function hasAnchor(path: string, anchor: string): boolean {
  if (path.endsWith(".md")) return anchorsOf(path).includes(anchor);
  const line = Number(/^L(\d+)$/.exec(anchor)?.[1] ?? "0");
  return line >= 1 && line <= read(path).split("\n").length;
}

describe("links", () => {
  for (const path of documents) {
    it(`of ${path} lead somewhere`, () => {
      const broken: string[] = [];
      for (const match of withoutCode(read(path)).matchAll(/\]\(([^)\s]+)\)/g)) {
        const [target = "", anchor] = (match[1] ?? "").split("#");
        if (/^https?:/.test(target)) continue;
        const file = target === "" ? path : join(dirname(path), target);
        if (!existsSync(join(root, file))) broken.push(match[1] ?? "");
        else if (anchor !== undefined && !hasAnchor(file, anchor)) broken.push(match[1] ?? "");
      }
      assert.deepEqual(broken, []);
    });
  }
});

/** Help of `./tandem` or of one of its verbs. */
function helpOf(...words: readonly string[]): string {
  const main = join(root, "apps", "cli", "src", "main.ts");
  const result = spawnSync(process.execPath, [main, ...words, "--help"], {
    encoding: "utf8",
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  assert.equal(result.status, 0, `${words.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

const help = helpOf();
const verbs = [...help.matchAll(/^ {2}([a-z-]+)(?: \[| <| {2,}|$)/gm)].map((match) => match[1] ?? "");
/** They hand their arguments to another program, which has its own options. */
const handedOn = new Set([
  "test",
  "check",
  "demo",
  "bench",
  "lab",
  "gateway",
  "control",
  "dns",
  "network",
  "acme",
]);

/** Command lines in blocks and spans of code: `./tandem trunks create --friendly-name Office`. */
function commandLines(path: string): readonly string[] {
  return [...read(path).matchAll(/(?:^|`)\.\/tandem( [^`\n]*)?/gm)].map((match) => (match[1] ?? "").trim());
}

describe("commands in documents", () => {
  it("the help lists verbs", () =>
    assert.ok(verbs.includes("up") && verbs.includes("origination-urls"), help));

  for (const path of documents) {
    const lines = commandLines(path);
    if (lines.length === 0) continue;
    it(`of ${path} exist`, () => {
      for (const line of lines) {
        const [verb] = line.split(/[\s,…]/);
        if (verb !== undefined && verb !== "" && !verb.startsWith("-"))
          assert.ok(verbs.includes(verb), `${path}: ${line}`);
      }
    });
  }

  const tested = ["README.md", "docs/install.md"].flatMap(commandLines);
  for (const line of new Set(tested.filter((each) => each.includes(" --")))) {
    const words = line.split(" ");
    const verb = words
      .slice(
        0,
        words.findIndex((word) => word.startsWith("-")),
      )
      .filter((word) => /^[a-z-]+$/.test(word));
    if (handedOn.has(verb[0] ?? "")) continue;
    it(`./tandem ${line}: has these options`, () => {
      const text = helpOf(...verb);
      for (const option of words.filter((word) => word.startsWith("--"))) {
        assert.match(text, new RegExp(`^ +(?:-\\w, )?${option}\\b`, "m"));
      }
    });
  }

  it("the README's table names every verb", () => {
    const table = read("README.md").split("## Commands")[1]?.split("##")[0] ?? "";
    const missing = verbs.filter(
      (verb) => verb !== "help" && !new RegExp(`[\`\\s]${verb}[\`\\s]`).test(table),
    );
    assert.deepEqual(missing, []);
  });
});

describe("tables in documents", () => {
  const firstColumn = (text: string): readonly string[] =>
    [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");

  it("docs/install.md names every unit, and none that is not there", () => {
    const units = paths.filter((path) => /^deploy\/systemd\/.*\.service$/.test(path));
    const names = units.map((path) => path.replace(/^deploy\/systemd\/|@?\.service$/g, ""));
    const named = read("docs/install.md").matchAll(
      /\btandem-(?:acme|bpf|control|dns|gateway|network)\b(?=[@`\n .])/g,
    );
    assert.deepEqual([...new Set([...named].map(([name]) => name))].toSorted(), names.toSorted());
  });

  it("CONTRIBUTING names the gates", () => {
    const section = read("CONTRIBUTING.md").split("## The gates")[1]?.split("\n## ")[0] ?? "";
    assert.deepEqual(
      [...firstColumn(section)].sort(),
      houseGates(root)
        .map((gate) => gate.name)
        .sort(),
    );
  });

  it("CONTRIBUTING names the parts of the tests", () => {
    assert.ok(read("CONTRIBUTING.md").includes("one part: `check`, `unit`, `integration` or `lab`"));
    assert.deepEqual(partNames, ["check", "unit", "integration", "lab"]);
  });

  it("the list of decisions is whole, and their numbers have no gap", () => {
    const pages = paths
      .filter((path) => /^docs\/decisions\/\d{4}-/.test(path))
      .map((path) => path.slice("docs/decisions/".length));
    const listed = [...read("docs/decisions/README.md").matchAll(/\]\((\d{4}-[^)]+)\)/g)].map(
      (match) => match[1] ?? "",
    );
    assert.deepEqual(listed, pages);
    assert.deepEqual(
      pages.map((page) => Number(page.slice(0, 4))),
      pages.map((_, index) => index + 1),
    );
    for (const page of pages) {
      const text = read(`docs/decisions/${page}`);
      assert.ok(text.startsWith(`# ${page.slice(0, 4)}: `), page);
      for (const part of ["**Decision.**", "**Why.**", "**Cost.**"])
        assert.ok(text.includes(part), `${page}: ${part}`);
    }
  });

  it("changelog fragments say what kind of change they are", () => {
    for (const path of paths.filter(
      (each) => each.startsWith(".changelog/") && !each.endsWith("README.md"),
    )) {
      assert.match(read(path), /^# (?:Added|Changed|Fixed|Removed|Security)\n\n\S/, path);
      assert.match(path, /^\.changelog\/[a-z0-9]+(?:-[a-z0-9]+)+\.md$/);
    }
  });

  it("ARCHITECTURE's table of folders names every package", () => {
    const packages = new Set(paths.flatMap((path) => /^packages\/[^/]+/.exec(path) ?? []));
    const named = new Set(firstColumn(read("ARCHITECTURE.md")));
    assert.deepEqual(
      [...packages].filter((path) => !named.has(path)),
      [],
    );
  });

  it("the life of a call has the pipeline's stages in their order", () => {
    const pipeline = read("apps/gateway/src/pipeline/pipeline.ts");
    const page = read("docs/life-of-a-call.md");
    for (const direction of ["termination", "origination"]) {
      const list = new RegExp(`export const ${direction}: [^=]+= \\[([^\\]]*)\\]`).exec(pipeline)?.[1] ?? "";
      const stages = [...list.matchAll(/name: "([^"]+)"/g)].map((match) => match[1]);
      const table = page.split(`<!-- ${direction}:begin -->`)[1]?.split(`<!-- ${direction}:end -->`)[0] ?? "";
      const rows = [...table.matchAll(/^\| ([a-z-]+) \|/gm)].map((match) => match[1]);
      assert.ok(stages.length > 5, `${direction}: the list of stages was not found`);
      assert.deepEqual(rows.slice(1), stages);
    }
  });

  it("every link to a decision by its number is that decision", () => {
    for (const path of documents) {
      for (const [, number, target] of read(path).matchAll(/\[(\d{4})\]\(([^)]+)\)/g)) {
        assert.ok(target?.includes(`${number}-`), `${path}: ${number} leads to ${target}`);
      }
    }
  });
});

describe("what several files say", () => {
  it("continuous integration runs ./tandem test and nothing else", () => {
    const commands = read(".ci/run")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#") && line !== "set -eu");
    assert.deepEqual(commands, ['exec "$(dirname -- "$0")/../tandem" test "$@"']);
  });

  it("a capability set has the methods of the gateways' Allow", () => {
    const allow = /allowedMethods =\s+"([^"]+)"/.exec(
      read("packages/sip/src/user-agent/allowed-methods.ts"),
    )?.[1];
    const list = /supportedMethods = \[([^\]]+)\]/.exec(
      read("apps/control/src/capability-set/exchange-signaling.ts"),
    )?.[1];
    const methods = [...(list ?? "").matchAll(/"([a-z]+)"/g)].map((match) => match[1]);
    assert.deepEqual(methods, allow?.toLowerCase().split(", "));
  });

  it("a capability set has the option tags of the gateways' Supported", () => {
    const tags = (file: string, name: string): (string | undefined)[] => {
      const list = new RegExp(`${name}[^=]*= \\[([^\\]]+)\\]`).exec(read(file))?.[1];
      return [...(list ?? "").matchAll(/"([a-z0-9]+)"/g)].map((match) => match[1]);
    };
    const supported = tags("packages/sip/src/user-agent/supported-options.ts", "understoodOptions");
    assert.ok(supported.length > 0);
    assert.deepEqual(
      tags("apps/control/src/capability-set/exchange-signaling.ts", "supportedOptions"),
      supported,
    );
  });

  it("the oldest Node is the same everywhere", () => {
    const oldest = /^oldest_node=(\d+)$/m.exec(read("tandem"))?.[1];
    const manifest: { optionalDependencies: Record<string, string> } = JSON.parse(read("package.json"));
    for (const version of Object.values(manifest.optionalDependencies))
      assert.equal(version.split(".")[0], oldest);
    assert.match(read("apps/cli/src/doctor/machine.ts"), new RegExp(`nodeMajor: ${oldest},`));
    assert.ok(read("README.md").includes(`Node ${oldest}`));
  });

  it("npm scripts are other names of ./tandem's words", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));
    for (const [name, command] of Object.entries(scripts)) assert.equal(command, `./tandem ${name}`);
  });

  it("one version for all packages", () => {
    const { version }: { version: string } = JSON.parse(read("package.json"));
    for (const path of paths.filter((each) =>
      /^(?:packages|apps)\/[^/]+\/package\.json$|^(?:lab|tools)\/package\.json$/.test(each),
    )) {
      const manifest: { version: string; license: string; dependencies?: Record<string, string> } =
        JSON.parse(read(path));
      assert.equal(manifest.version, version, path);
      assert.equal(manifest.license, "Apache-2.0", path);
      for (const [name, wanted] of Object.entries(manifest.dependencies ?? {})) {
        if (name.startsWith("@tandem/")) assert.equal(wanted, version, `${path}: ${name}`);
      }
    }
  });
});
