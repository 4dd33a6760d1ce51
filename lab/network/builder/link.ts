import type { LinkDescription, LinkEnd } from "./description.ts";
import type { Host } from "./host.ts";

export interface AttachedEnd extends LinkEnd {
  readonly macAddress: string;
  readonly at: Host;
}

/** A cable of a network that stands, with the hosts at its ends. */
export interface Link {
  readonly name: string;
  readonly near: AttachedEnd;
  readonly far: AttachedEnd;
}

/** MAC addresses by the link's number, so that a capture tells which end a frame came from. */
export function attach(description: LinkDescription, number: number, hostOf: (name: string) => Host): Link {
  const end = (one: LinkEnd, last: number): AttachedEnd => ({
    ...one,
    macAddress: macAddress(number, last),
    at: hostOf(one.host),
  });
  return { name: description.name, near: end(description.near, 1), far: end(description.far, 2) };
}

/** Locally administered, unicast. */
function macAddress(number: number, last: number): string {
  const hexadecimal = (value: number): string => value.toString(16).padStart(2, "0");
  return `02:00:00:${hexadecimal(number >> 8)}:${hexadecimal(number & 0xff)}:${hexadecimal(last)}`;
}
