import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IssuedCertificate } from "@tandem/certificates/testing";
import { delay } from "../harness/wait.ts";

/** How long a pair stays half replaced. */
const halfReplacedMs = 150;

/** The certificate files of a gateway, replaced as people and programs do it. */
export class ReplacedFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  #replacements = 0;

  constructor(directory: string, first: IssuedCertificate) {
    this.certificateFile = join(directory, "live.pem");
    this.keyFile = join(directory, "live-key.pem");
    writeFileSync(this.certificateFile, first.certificate);
    writeFileSync(this.keyFile, first.key, { mode: 0o600 });
  }

  /**
   * In turn: both by rename, one after the other; written in place with a pause between the two, so that they do not fit
   * together for a while; written in place in halves.
   */
  async replace(next: IssuedCertificate): Promise<void> {
    this.#replacements += 1;
    if (this.#replacements % 3 === 1) return this.#byRename(next);
    if (this.#replacements % 3 === 2) {
      writeFileSync(this.certificateFile, next.certificate);
      await delay(halfReplacedMs);
      writeFileSync(this.keyFile, next.key);
      return;
    }
    await inHalves(this.keyFile, next.key);
    await inHalves(this.certificateFile, next.certificate);
  }

  #byRename(next: IssuedCertificate): void {
    writeFileSync(`${this.certificateFile}.next`, next.certificate);
    writeFileSync(`${this.keyFile}.next`, next.key, { mode: 0o600 });
    renameSync(`${this.certificateFile}.next`, this.certificateFile);
    renameSync(`${this.keyFile}.next`, this.keyFile);
  }
}

async function inHalves(file: string, text: string): Promise<void> {
  writeFileSync(file, text.slice(0, text.length / 2));
  await delay(halfReplacedMs);
  writeFileSync(file, text);
}
