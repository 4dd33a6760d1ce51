import { writeAddress } from "../mapped-address.ts";

export function writePartition(
  key: Buffer,
  value: Buffer,
  place: { readonly ifindex: number; readonly address: Buffer },
  ports: { readonly first: number; readonly last: number },
): void {
  key.writeUInt32LE(place.ifindex, 0);
  writeAddress(key, 8, place.address);
  value.writeUInt16LE(ports.first, 0);
  value.writeUInt16LE(ports.last, 2);
}

/** A network of the list `networks`; `prefix` counts bits of the mapped form. */
export function writeNetwork(key: Buffer, networks: number, address: Buffer, prefix: number): void {
  key.writeUInt32LE(32 + prefix, 0);
  key.writeUInt32LE(networks, 4);
  writeAddress(key, 8, address);
}
