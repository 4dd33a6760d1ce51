/** A network as data: hosts, the links between them, addresses and routes. */

export interface RouteDescription {
  /** `default` or a network. */
  readonly to: string;
  readonly via?: string;
  readonly device: string;
}

export interface HostDescription {
  /** Letters, digits and dashes. */
  readonly name: string;
  /** Passes packets on between its devices. */
  readonly isRouter?: boolean;
  /** Switches inside it, by device name. */
  readonly bridges?: readonly string[];
  /** Addresses that belong to no link, with prefix length; they are put on loopback. */
  readonly addresses?: readonly string[];
  readonly routes?: readonly RouteDescription[];
}

export interface LinkEnd {
  readonly host: string;
  readonly device: string;
  /** The switch of that host which this end is a port of. */
  readonly bridge?: string;
  /** With prefix length. */
  readonly addresses?: readonly string[];
}

/**
 * A cable. `near` is the end at the host it is named after, `far` the end at the switch or router: cuts and captures are
 * made there, so that nothing is done inside the host that is looked at.
 */
export interface LinkDescription {
  readonly name: string;
  readonly near: LinkEnd;
  readonly far: LinkEnd;
}

export interface NetworkDescription {
  readonly hosts: readonly HostDescription[];
  readonly links: readonly LinkDescription[];
}

/** IFNAMSIZ less its final zero. */
const maximumDeviceNameLength = 15;

/** What cannot be built, in sentences; empty when all is well. */
export function faultsOf({ hosts, links }: NetworkDescription): readonly string[] {
  const faults: string[] = [];
  const names = new Set<string>();
  for (const { name } of hosts) {
    if (!/^[a-z0-9-]{1,40}$/.test(name)) faults.push(`host name ${name}`);
    if (names.has(name)) faults.push(`two hosts are called ${name}`);
    names.add(name);
  }
  const devices = new Set<string>();
  const linkNames = new Set<string>();
  for (const { name, near, far } of links) {
    if (linkNames.has(name)) faults.push(`two links are called ${name}`);
    linkNames.add(name);
    for (const end of [near, far]) faults.push(...endFaults(name, end, hosts, devices));
  }
  return faults;
}

function endFaults(
  link: string,
  { host, device, bridge }: LinkEnd,
  hosts: readonly HostDescription[],
  devices: Set<string>,
): string[] {
  const faults: string[] = [];
  const at = hosts.find((one) => one.name === host);
  if (at === undefined) faults.push(`link ${link} ends at ${host}, which is not there`);
  if (device.length > maximumDeviceNameLength) {
    faults.push(`device ${device} of ${host} has more than ${maximumDeviceNameLength} characters`);
  }
  if (devices.has(`${host} ${device}`)) faults.push(`${host} has two devices ${device}`);
  devices.add(`${host} ${device}`);
  if (bridge !== undefined && at !== undefined && !(at.bridges ?? []).includes(bridge)) {
    faults.push(`${host} has no bridge ${bridge}`);
  }
  return faults;
}
