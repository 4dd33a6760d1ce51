import {
  createHmac,
  createSecretKey,
  hash,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from "node:crypto";

/** A key that signs nonces, as the snapshot has it. */
export interface NonceKey {
  /** 1-255; stands in the nonce. */
  readonly id: number;
  /** Hex digits, 32 (128 bits) or more. */
  readonly secret: string;
}

const formatVersion = 1;
const gatewayAt = 2;
const timeAt = 6;
const randomAt = 12;
const macAt = 20;
const nonceBytes = 36;
const nonceCharacters = 48;
const minimumKeyBytes = 16;

/**
 * Makes nonces and knows its own again without remembering them: version (1 byte), key id (1), gateway (4), time in ms
 * (6), random (8), HMAC-SHA256 truncated to 16 bytes; together 48 characters of url-safe base64.
 */
export class NonceIssuer {
  readonly #gateway: number;
  #signing: { readonly id: number; readonly key: KeyObject };
  #keys: ReadonlyMap<number, KeyObject>;

  constructor(gatewayName: string, keys: readonly NonceKey[]) {
    this.#gateway = hash("sha256", gatewayName, "buffer").readUInt32BE(0);
    ({ signing: this.#signing, keys: this.#keys } = readKeys(keys));
  }

  /** The first key signs from now on, the others still verify. */
  setKeys(keys: readonly NonceKey[]): void {
    ({ signing: this.#signing, keys: this.#keys } = readKeys(keys));
  }

  issue(nowMs: number): string {
    const bytes = Buffer.allocUnsafe(nonceBytes);
    bytes[0] = formatVersion;
    bytes[1] = this.#signing.id;
    bytes.writeUInt32BE(this.#gateway, gatewayAt);
    bytes.writeUIntBE(Math.floor(nowMs), timeAt, randomAt - timeAt);
    randomFillSync(bytes, randomAt, macAt - randomAt);
    macOf(this.#signing.key, bytes).copy(bytes, macAt, 0, nonceBytes - macAt);
    return bytes.toString("base64url");
  }

  /** When the nonce was issued, in ms. Undefined: not by this gateway, not with a key we have, or tampered with. */
  issuedAtMs(nonce: string): number | undefined {
    if (nonce.length !== nonceCharacters) return undefined;
    const bytes = Buffer.from(nonce, "base64url");
    // The decoder skips what is not base64 and takes + for -: only one text may stand for a nonce.
    if (bytes.length !== nonceBytes || nonce.includes("+") || nonce.includes("/")) return undefined;
    if (bytes[0] !== formatVersion || bytes.readUInt32BE(gatewayAt) !== this.#gateway) return undefined;
    const key = this.#keys.get(bytes[1] ?? 0);
    if (key === undefined) return undefined;
    const mac = macOf(key, bytes).subarray(0, nonceBytes - macAt);
    return timingSafeEqual(mac, bytes.subarray(macAt))
      ? bytes.readUIntBE(timeAt, randomAt - timeAt)
      : undefined;
  }
}

function macOf(key: KeyObject, bytes: Buffer): Buffer {
  return createHmac("sha256", key).update(bytes.subarray(0, macAt)).digest();
}

/** Throws RangeError when there is no key or one is unusable: a fault of the configuration. */
function readKeys(keys: readonly NonceKey[]): {
  signing: { id: number; key: KeyObject };
  keys: ReadonlyMap<number, KeyObject>;
} {
  const read = keys.map(({ id, secret }) => {
    const bytes = Buffer.from(secret, "hex");
    const isWhole = bytes.length * 2 === secret.length && bytes.length >= minimumKeyBytes;
    if (!isWhole || !Number.isInteger(id) || id < 1 || id > 255) throw new RangeError("unusable nonce key");
    return { id, key: createSecretKey(bytes) };
  });
  const [signing] = read;
  if (signing === undefined) throw new RangeError("no nonce key");
  return { signing, keys: new Map(read.map(({ id, key }) => [id, key])) };
}
