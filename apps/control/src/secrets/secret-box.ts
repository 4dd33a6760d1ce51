/**
 * Encrypts what must be read back (HA1 values, passwords of carriers and lines, signing keys) with AES-256-GCM. The key lies in a file
 * outside the database: a stolen dump is of no use alone.
 *
 * Sealed form: version (1 byte, 0x01), nonce (12), tag (16), ciphertext. `purpose` names what the value is and is
 * authenticated: a sealed value that is copied to another place does not open there.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + tagBytes;
export const keyBytes = 32;

/** A sealed value does not open: another key, another row, or damage. */
export class SealError extends Error {
  override readonly name = "SealError";
}

export class SecretBox {
  readonly #key: Buffer;

  /** `key`: 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== keyBytes) throw new SealError(`the key has ${key.length} bytes, not ${keyBytes}`);
    this.#key = Buffer.from(key);
  }

  seal(text: string, purpose: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(Buffer.from(purpose));
    const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** Throws a `SealError`. */
  open(sealed: Uint8Array, purpose: string): string {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.length < headBytes || bytes[0] !== version) {
      throw new SealError(`${purpose}: not a sealed value of version ${version}`);
    }
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(1, 1 + nonceBytes));
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(1 + nonceBytes, headBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new SealError(`${purpose}: does not open with this key`, { cause });
    }
  }
}

/** Purposes: the writer and the reader of a value must name it alike. */
export const purposes = {
  ha1: "credentials.ha1",
  carrierPassword: (carrierSid: string) => `carriers.password/${carrierSid}`,
  bgpPassword: (connectionSid: string) => `connections.bgp-password/${connectionSid}`,
  preSharedKey: (connectionSid: string) => `connections.pre-shared-key/${connectionSid}`,
  nonceKeys: "installation.nonce-keys",
  backboneKeys: "installation.backbone-keys",
  keyCheck: "installation.key-check",
} as const;
