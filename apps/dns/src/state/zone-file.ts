import { join } from "node:path";
import { validator, ZoneSnapshot, zoneFormatVersion } from "@tandem/contracts";
import { PrivateFile } from "./private-file.ts";

const validate = validator(ZoneSnapshot);

/** The last zone on disk: a name server starts and answers by it when control is away. It holds the heartbeat keys. */
export class ZoneFile {
  readonly #file: PrivateFile;

  constructor(stateDirectory: string) {
    this.#file = new PrivateFile(join(stateDirectory, "zone.json"));
  }

  /** Undefined when there is none. Rejects when there is one that cannot be used. */
  async read(): Promise<ZoneSnapshot | undefined> {
    const text = await this.#file.read();
    if (text === undefined) return undefined;
    const validated = validate(JSON.parse(text));
    if (!validated.ok) throw new Error(`${this.#file.path}: ${validated.error}`);
    const { formatVersion } = validated.value;
    if (formatVersion > zoneFormatVersion) {
      throw new Error(`${this.#file.path}: format ${formatVersion} is newer than this program`);
    }
    return validated.value;
  }

  write(zone: ZoneSnapshot): Promise<void> {
    return this.#file.write(JSON.stringify(zone));
  }
}
