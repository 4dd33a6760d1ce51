/** Label name to value. */
export type Labels = Readonly<Record<string, string>>;

/** Label combinations of one metric; the next ones are all counted under the value `other`. */
export const maximumSeries = 1000;

/** The cells of one metric by their labels, in order of first use. */
export class SeriesMap<Cell> {
  private readonly labelNames: readonly string[];
  private readonly createCell: () => Cell;
  private readonly cells: Map<string, Cell> = new Map();

  constructor(labelNames: readonly string[], createCell: () => Cell) {
    this.labelNames = labelNames;
    this.createCell = createCell;
    // A metric without labels is there from the start, with its zero.
    if (labelNames.length === 0) this.cells.set("", createCell());
  }

  /** The cell of these labels. Hot code asks once and keeps it. A label left out is empty. */
  cell(labels: Labels): Cell {
    const key = this.keyOf(labels);
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    if (this.cells.size < maximumSeries) return this.add(key);
    const otherKey = this.keyOf(Object.fromEntries(this.labelNames.map((name) => [name, "other"])));
    return this.cells.get(otherKey) ?? this.add(otherKey);
  }

  /** Labels as Prometheus writes them, without braces, and the cell. */
  entries(): IterableIterator<[labels: string, cell: Cell]> {
    return this.cells.entries();
  }

  private add(key: string): Cell {
    const cell = this.createCell();
    this.cells.set(key, cell);
    return cell;
  }

  private keyOf(labels: Labels): string {
    return labelText(
      this.labelNames,
      this.labelNames.map((name) => labels[name] ?? ""),
    );
  }
}

/** Labels as Prometheus writes them, without braces; a value left out is empty. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escapeLabel(values[index] ?? "")}"`).join(",");
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
