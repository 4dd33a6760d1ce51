import { join } from "node:path";
import { PrivateFile } from "./private-file.ts";

/** RFC 1982 serial numbers have 32 bits; at the end it stands still instead of starting again. */
export const maximumSerial = 2 ** 32 - 1;
/** Serials that are used before the file is written again; so many are skipped at a restart. */
export const reservedSerials = 1000;

/**
 * The serial of the SOA record: grows with every snapshot and every change of health, is never below the snapshot's
 * version and never goes back, restarts included. On disk stands the highest that may have been told.
 */
export class ZoneSerial {
  readonly #file: PrivateFile;
  readonly #onFailure: (error: unknown) => void;
  #serial: number;
  #reserved: number;

  private constructor(file: PrivateFile, serial: number, onFailure: (error: unknown) => void) {
    this.#file = file;
    this.#serial = serial;
    this.#reserved = serial;
    this.#onFailure = onFailure;
  }

  /** `onFailure`: the file cannot be read or written; serials go on, and may go back at the next start. */
  static async open(stateDirectory: string, onFailure: (error: unknown) => void): Promise<ZoneSerial> {
    const file = new PrivateFile(join(stateDirectory, "serial"));
    let serial = 0;
    try {
      serial = serialOf(await file.read());
    } catch (error) {
      onFailure(error);
    }
    return new ZoneSerial(file, serial, onFailure);
  }

  get current(): number {
    return this.#serial;
  }

  /** Something that answers are made of has changed. `version`: of the snapshot. */
  async advance(version: number): Promise<void> {
    this.#serial = Math.min(Math.max(this.#serial + 1, version), maximumSerial);
    if (this.#serial < this.#reserved) return;
    this.#reserved = Math.min(this.#serial + reservedSerials, maximumSerial);
    try {
      await this.#file.write(`${this.#reserved}\n`);
    } catch (error) {
      this.#onFailure(error);
    }
  }
}

function serialOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const serial = Number(text.trim() || Number.NaN);
  if (Number.isInteger(serial) && serial >= 0 && serial <= maximumSerial) return serial;
  throw new Error(`the file of the serial holds ${JSON.stringify(text.slice(0, 40))}`);
}
