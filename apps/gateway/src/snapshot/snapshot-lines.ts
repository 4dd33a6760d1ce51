import {
  type SnapshotListName,
  type SnapshotObjects,
  SnapshotObjects as SnapshotObjectsSchema,
  SnapshotSettings,
  snapshotFormatVersion,
  snapshotListNames,
  validator,
} from "@tandem/contracts";

const validateSettings = validator(SnapshotSettings);
const validateObjects = validator(SnapshotObjectsSchema);

/** The document is not written as `snapshotText` writes it: it must be read in one piece. */
export class NotInLines extends Error {}

/**
 * Reads the JSON that `snapshotText` writes, in pieces of any size, without ever holding the whole: the objects of its
 * lists come out some at a time, checked against the contract; what is no list is there at the end. It relies on a line
 * end being nowhere but behind an object: within a JSON text it is always escaped.
 */
export class SnapshotLines {
  readonly #onObjects: (objects: SnapshotObjects) => void;
  /** What was not taken yet. */
  #bytes: Buffer = Buffer.alloc(0);
  #settings: SnapshotSettings | undefined;
  /** Lists that have begun. */
  #begun = 0;
  #list: SnapshotListName | undefined;
  #isComplete = false;

  constructor(onObjects: (objects: SnapshotObjects) => void) {
    this.#onObjects = onObjects;
  }

  /** @throws Error when it is no JSON or not of the contract, as `NotInLines` when it is written in another way */
  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#list === undefined ? this.#takeLine() : this.#takeObjects(this.#list));
  }

  /** Everything but the lists. @throws Error when the document is not complete */
  end(): SnapshotSettings {
    if (this.#settings === undefined || !this.#isComplete || this.#bytes.length > 0) {
      throw new NotInLines("the document ends in another way");
    }
    return this.#settings;
  }

  /** Returns false when the line has not come to its end. */
  #takeLine(): boolean {
    const end = this.#bytes.indexOf("\n");
    if (end < 0) return false;
    const line = this.#bytes.toString("utf8", 0, end);
    this.#bytes = this.#bytes.subarray(end + 1);
    const next = snapshotListNames[this.#begun];
    if (this.#settings === undefined) this.#settings = settingsOf(line);
    else if (next !== undefined && line === `,"${next}":[`) {
      this.#list = next;
      this.#begun += 1;
    } else if (next === undefined && line === "}" && !this.#isComplete) this.#isComplete = true;
    else throw new NotInLines("a line is not one of ours");
    return true;
  }

  /** All whole lines up to the end of the list. Returns whether the list ended. */
  #takeObjects(list: SnapshotListName): boolean {
    const isEmpty = this.#bytes.indexOf("]\n") === 0;
    const last = isEmpty ? 0 : this.#bytes.indexOf("\n]\n");
    const end = last < 0 ? this.#bytes.lastIndexOf(",\n") : last;
    if (end < 0) return false;
    if (!isEmpty) this.#give(list, this.#bytes.toString("utf8", 0, end));
    this.#bytes = this.#bytes.subarray(end + (last < 0 ? 2 : isEmpty ? 2 : 3));
    if (last < 0) return false;
    this.#list = undefined;
    return true;
  }

  #give(list: SnapshotListName, text: string): void {
    const checked = validateObjects({ [list]: JSON.parse(`[${text}]`) });
    if (!checked.ok) throw new Error(checked.error);
    this.#onObjects(checked.value);
  }
}

function settingsOf(line: string): SnapshotSettings {
  let content: unknown;
  try {
    content = JSON.parse(`${line}}`);
  } catch {
    throw new NotInLines("the first line is not that of the settings");
  }
  const { formatVersion } = content as { readonly formatVersion?: unknown };
  if (formatVersion !== snapshotFormatVersion) throw new NotInLines("another format");
  const checked = validateSettings(content);
  if (!checked.ok) throw new Error(checked.error);
  return checked.value;
}
