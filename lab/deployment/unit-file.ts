import { readFileSync } from "node:fs";
import { join } from "node:path";

export const unitDirectory: string = join(import.meta.dirname, "..", "..", "deploy", "systemd");

/** A unit of `deploy/systemd` as far as a test plays systemd. */
export class UnitFile {
  readonly name: string;
  readonly text: string;

  private constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  static read(name: string): UnitFile {
    return new UnitFile(name, readFileSync(join(unitDirectory, name), "utf8"));
  }

  /** What the operator has who takes the `#` from the lines below the remark that begins so. */
  withLinesBelow(remark: string): UnitFile {
    const lines = this.text.split("\n");
    const at = lines.findIndex((line) => line.startsWith(`# ${remark}`));
    if (at === -1) throw new Error(`${this.name} has no remark '${remark}'`);
    for (let index = at + 1; lines[index]?.startsWith("#") === true; index += 1) {
      lines[index] = (lines[index] ?? "").slice(1);
    }
    return new UnitFile(this.name, lines.join("\n"));
  }

  /** The same unit without these texts. */
  without(...texts: readonly string[]): UnitFile {
    let text = this.text;
    for (const one of texts) text = text.replaceAll(one, one.startsWith("=") ? "=" : "");
    return new UnitFile(this.name, text);
  }

  /** Words of a setting that may be given more than once; an empty one takes back what stands before it. */
  words(setting: string): readonly string[] {
    let words: string[] = [];
    for (const value of this.values(setting)) words = value === "" ? [] : [...words, ...value.split(/\s+/)];
    return words;
  }

  /** Of a setting that counts once. */
  value(setting: string): string | undefined {
    return this.values(setting).at(-1);
  }

  values(setting: string): readonly string[] {
    return this.text
      .split("\n")
      .filter((line) => line.startsWith(`${setting}=`))
      .map((line) => line.slice(setting.length + 1).trim());
  }
}
