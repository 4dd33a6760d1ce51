/** Reads the tables of allowed imports in ARCHITECTURE.md. */

/** What one package or program may import. */
export interface ImportRule {
  /** Package name to `all` or the allowed sub-paths (`message`, `uri`). A package that is missing is forbidden. */
  readonly packages: ReadonlyMap<string, "all" | ReadonlySet<string>>;
  readonly npm: ReadonlySet<string>;
  readonly node: "any" | ReadonlySet<string>;
}

export interface ImportTable {
  /** `clock`, `apps/gateway`, `lab` to its rule. */
  readonly rules: ReadonlyMap<string, ImportRule>;
  /** Layer of `packages/sip/src` to the layers it may import. */
  readonly sipLayers: ReadonlyMap<string, ReadonlySet<string>>;
}

export class ImportTableError extends Error {}

/** Throws ImportTableError where the text has no such table or a row is malformed. */
export function parseImportTable(markdown: string): ImportTable {
  return { rules: parseRules(markdown), sipLayers: parseSipLayers(markdown) };
}

function parseRules(markdown: string): ReadonlyMap<string, ImportRule> {
  const rules = new Map<string, ImportRule>();
  const [heading, ...rows] = tableBetween(markdown, "imports");
  const columns = (heading ?? []).slice(1);
  if (columns.at(-2) !== "npm" || columns.at(-1) !== "node:") {
    throw new ImportTableError("the last two columns must be npm and node:");
  }
  for (const row of rows) {
    if (row.length !== columns.length + 1) throw new ImportTableError(`row ${row[0]}: wrong number of cells`);
    for (const name of words(row[0] ?? "")) {
      if (rules.has(name)) throw new ImportTableError(`${name} has two rows`);
      rules.set(name, ruleOf(columns, row.slice(1)));
    }
  }
  return rules;
}

function parseSipLayers(markdown: string): ReadonlyMap<string, ReadonlySet<string>> {
  const layers = new Map<string, ReadonlySet<string>>();
  for (const row of tableBetween(markdown, "sip-layers").slice(1)) {
    for (const name of words(row[0] ?? "")) layers.set(name, new Set(words(row[1] ?? "")));
  }
  return layers;
}

function ruleOf(columns: readonly string[], cells: readonly string[]): ImportRule {
  const packages = new Map<string, "all" | ReadonlySet<string>>();
  for (const [index, column] of columns.slice(0, -2).entries()) {
    const cell = cells[index] ?? "";
    if (cell === "") continue;
    packages.set(column, cell === "✓" ? "all" : new Set(words(cell)));
  }
  const node = cells.at(-1) ?? "";
  return {
    packages,
    npm: new Set(words(cells.at(-2) ?? "")),
    node: node === "any" ? "any" : new Set(words(node)),
  };
}

/** Cells of the table between `<!-- name:begin -->` and `<!-- name:end -->`, without the line of dashes. */
function tableBetween(markdown: string, name: string): string[][] {
  const begin = markdown.indexOf(`<!-- ${name}:begin -->`);
  const end = markdown.indexOf(`<!-- ${name}:end -->`);
  if (begin === -1 || end < begin) throw new ImportTableError(`no table between the markers ${name}`);
  const rows = markdown
    .slice(begin, end)
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^[|\s:-]+$/.test(line))
    .map((line) => line.split("|").slice(1, -1).map(plain));
  if (rows.length < 2) throw new ImportTableError(`the table ${name} is empty`);
  return rows;
}

function plain(cell: string): string {
  return cell.replaceAll("`", "").trim();
}

function words(cell: string): string[] {
  return cell.split(/[\s,]+/).filter((word) => word !== "");
}
