import type { MediaInterface } from "../media-relay.ts";
import { isLoopback } from "../remote-guard.ts";
import { mappedAddress } from "./mapped-address.ts";
import type { Device, RouteTable } from "./route-table.ts";

/** A media address that the program can serve: where its packets come by and what they look like there. */
export interface KernelPlace {
  readonly mediaInterface: MediaInterface;
  /** Address that routes are chosen by; mapped form. */
  readonly localAddress: Buffer;
  /** The same as packets on the device carry it. */
  readonly wireAddress: Buffer;
  readonly device: string;
  readonly ifindex: number;
  readonly linkHeaderBytes: number;
  /** The host's own rules put another address in packets' place: only routes by its device are its. */
  readonly isMapped: boolean;
}

const onLoopback = "the address is on the loopback device: nothing says by which device its packets come";

/** A text says why the program can't serve that media address; `EADDRNOTAVAIL`: it is not of this machine. */
export function kernelPlace(mediaInterface: MediaInterface, table: RouteTable): KernelPlace | string {
  const { localAddress, device: namedDevice, wireAddress } = mediaInterface;
  const local = mappedAddress(localAddress);
  const wire = mappedAddress(wireAddress ?? localAddress);
  if (local === undefined || wire === undefined) return "EADDRNOTAVAIL";
  if (isLoopback(localAddress)) return onLoopback;
  const ifindex = table.deviceWith(local);
  if (ifindex === undefined) return "EADDRNOTAVAIL";
  const device = table
    .devices()
    .find((one) => (namedDevice === undefined ? one.ifindex === ifindex : one.name === namedDevice));
  const objection = objectionTo(device, namedDevice ?? "");
  if (device === undefined || objection !== undefined) return objection ?? "no device";
  return {
    mediaInterface,
    localAddress: local,
    wireAddress: wire,
    device: device.name,
    ifindex: device.ifindex,
    linkHeaderBytes: device.linkHeaderBytes ?? 0,
    isMapped: !wire.equals(local),
  };
}

function objectionTo(device: Device | undefined, name: string): string | undefined {
  if (device === undefined) return `there is no device ${name}`;
  if (device.isLoopback)
    return "the address is on the loopback device, so it is not known by which device packets come";
  return device.linkHeaderBytes === undefined
    ? `${device.name} is of a kind that the program does not know`
    : undefined;
}
