import { createHash } from "node:crypto";

/**
 * `origid` of calls of one customer (RFC 8588 §5): the same UUID for all of them, which tells nobody else who it is. Made of
 * the customer's identifier as RFC 9562 §5.5 says (version 5), below the installation's own UUID.
 */
export function originationId(installation: string, customer: string): string {
  const namespace = Buffer.from(installation.replaceAll("-", ""), "hex");
  const bytes = createHash("sha1").update(namespace).update(customer).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
