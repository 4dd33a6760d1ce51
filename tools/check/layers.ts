/** Dependencies point one way: every import of the repository against the table in ARCHITECTURE.md. */
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { importSpecifiers } from "./import-specifiers.ts";
import type { ImportRule, ImportTable } from "./import-table.ts";
import type { TextFile } from "./repository-files.ts";

const sourceRoots = /^(?:packages\/[^/]+|apps\/[^/]+|lab|tools|benchmarks)\//;
const packageScope = "@tandem/";

/** Violations as `path: what is wrong`, empty when all is well. Files that are no TypeScript source are ignored. */
export function checkLayers(files: readonly TextFile[], table: ImportTable): readonly string[] {
  const violations: string[] = [];
  for (const file of files) {
    if (!/\.[cm]?[jt]sx?$/.test(file.path) || !sourceRoots.test(file.path)) continue;
    const unit = unitOf(file.path);
    const rule = table.rules.get(unit);
    if (rule === undefined) {
      violations.push(`${file.path}: ${unit} has no row in the table of ARCHITECTURE.md`);
      continue;
    }
    for (const specifier of importSpecifiers(file.text)) {
      const fault = judge(file.path, unit, specifier, rule, table);
      if (fault !== undefined) violations.push(`${file.path}: ${fault}`);
    }
  }
  return violations;
}

/** `packages/sip/src/x.ts` to `sip`; `apps/cli/src/main.ts` to `apps/cli`; `lab/demo/x.ts` to `lab`. */
function unitOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  if (first === "packages") return second;
  return first === "apps" ? `apps/${second}` : first;
}

function judge(
  path: string,
  unit: string,
  specifier: string,
  rule: ImportRule,
  table: ImportTable,
): string | undefined {
  if (specifier.startsWith(".")) return judgeRelative(path, unit, specifier, table);
  if (specifier.startsWith("/") || specifier.startsWith("file:"))
    return `imports ${specifier} by absolute path`;
  if (specifier.startsWith(packageScope)) return judgePackage(path, unit, specifier, rule);
  if (isBuiltin(specifier)) return judgeBuiltin(path, specifier, rule);
  return judgeNpm(path, unit, specifier, rule);
}

function judgeRelative(
  path: string,
  unit: string,
  specifier: string,
  table: ImportTable,
): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const home = homeOf(unit);
  // A benchmark stands at the mirrored path and may measure what a package does not export.
  if (unit === "benchmarks" && target.startsWith("packages/")) return undefined;
  if (target !== home && !target.startsWith(`${home}/`)) {
    return `${specifier} leaves ${home}: import a package by its name`;
  }
  if (!isTestCode(path) && isTestCode(target)) return `${specifier} is test code`;
  return unit === "sip" ? judgeSipLayer(path, target, table) : undefined;
}

function homeOf(unit: string): string {
  return unit.includes("/") || unit === "lab" || unit === "tools" || unit === "benchmarks"
    ? unit
    : `packages/${unit}`;
}

/** Tests of a layer may look at every layer; its source may look only where the table says. */
function judgeSipLayer(path: string, target: string, table: ImportTable): string | undefined {
  const from = sipLayerOf(path);
  const to = sipLayerOf(target);
  if (from === undefined || to === undefined || from === to || isTestCode(path)) return undefined;
  const allowed = table.sipLayers.get(from);
  if (allowed === undefined) return `the layer ${from} of sip has no row in ARCHITECTURE.md`;
  return allowed.has(to) ? undefined : `the layer ${from} of sip may not import ${to}`;
}

function sipLayerOf(path: string): string | undefined {
  return /^packages\/sip\/src\/([^/]+)\//.exec(path)?.[1];
}

function judgePackage(path: string, unit: string, specifier: string, rule: ImportRule): string | undefined {
  const [name = "", subPath] = specifier.slice(packageScope.length).split("/");
  if (subPath === "testing" && !isTestCode(path)) return `${specifier} is for tests only`;
  if (name === unit) return undefined;
  const allowed = rule.packages.get(name);
  if (allowed === undefined) return `${unit} may not import ${specifier}`;
  if (allowed === "all" || subPath === "testing") return undefined;
  return subPath !== undefined && allowed.has(subPath)
    ? undefined
    : `${unit} may import only ${[...allowed].join(", ")} of ${packageScope}${name}, not ${specifier}`;
}

function judgeBuiltin(path: string, specifier: string, rule: ImportRule): string | undefined {
  if (isTestCode(path) || rule.node === "any") return undefined;
  const name = specifier.replace(/^node:/, "");
  return rule.node.has(name) ? undefined : `may not use node:${name}`;
}

/** Tests also use development dependencies; Biome checks that the package declares them. */
function judgeNpm(path: string, unit: string, specifier: string, rule: ImportRule): string | undefined {
  if (isTestCode(path)) return undefined;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  return rule.npm.has(name) ? undefined : `${unit} may not import the npm package ${name}`;
}

/** Tests, test doubles that a package ships as `./testing`, the lab and the benchmarks. */
function isTestCode(path: string): boolean {
  return (
    /\.test\.[cm]?tsx?$/.test(path) ||
    /^(?:packages|apps)\/[^/]+\/(?:test\/|src\/(?:.*\/)?testing(?:\/|\.ts$))/.test(path) ||
    /^(?:lab|benchmarks)\//.test(path)
  );
}

/** Dependencies that a package.json declares against the same table: also those that no line imports yet. */
export function checkManifests(files: readonly TextFile[], table: ImportTable): readonly string[] {
  const violations: string[] = [];
  for (const file of files) {
    if (!/^(?:(?:packages|apps)\/[^/]+|lab|tools)\/package\.json$/.test(file.path)) continue;
    const unit = unitOf(file.path);
    const rule = table.rules.get(unit);
    if (rule === undefined) {
      violations.push(`${file.path}: ${unit} has no row in the table of ARCHITECTURE.md`);
      continue;
    }
    for (const name of dependenciesOf(file.text)) {
      const isAllowed = name.startsWith(packageScope)
        ? rule.packages.has(name.slice(packageScope.length))
        : rule.npm.has(name);
      if (!isAllowed) violations.push(`${file.path}: ${unit} may not depend on ${name}`);
    }
  }
  return violations;
}

function dependenciesOf(text: string): string[] {
  const manifest: { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> } =
    JSON.parse(text);
  return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.optionalDependencies ?? {})];
}
