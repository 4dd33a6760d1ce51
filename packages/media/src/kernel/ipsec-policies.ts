/**
 * IPsec policies (XFRM). A policy that belongs to no tunnel interface is applied by the routing code of the stack, which
 * the program's packets do not pass: what it covers must never be relayed in the kernel, or it would leave in clear.
 */
import { addressBytes } from "./mapped-address.ts";
import { attributesIn, Netlink } from "./netlink.ts";
import { wireForm } from "./route-table.ts";
import type { SystemCalls } from "./system-calls.ts";

const xfrmProtocol = 6;
const getPolicies = 0x15;
/** struct xfrm_userpolicy_info: selector 56, lifetimes 64 + 32, priority 4, index 4, direction, action, flags, share. */
const policyBytes = 168;
const offsets = {
  family: 40,
  destinationBits: 42,
  sourceBits: 43,
  protocol: 44,
  index: 156,
  direction: 160,
  action: 161,
} as const;
const attributes = { templates: 5, interfaceId: 31 } as const;
const families = { 4: 2, 16: 10 } as const;
const udp = 17;

interface Policy {
  readonly direction: "in" | "out";
  readonly family: number;
  readonly protocol: number;
  readonly source: Buffer;
  readonly sourceBits: number;
  readonly destination: Buffer;
  readonly destinationBits: number;
}

export class IpsecPolicies {
  readonly #netlink: Netlink | undefined;

  /** A kernel without XFRM has no policies. */
  constructor(calls: SystemCalls) {
    try {
      this.#netlink = Netlink.open(calls, xfrmProtocol);
    } catch {
      this.#netlink = undefined;
    }
  }

  /** The policies of this moment. */
  read(): IpsecPolicySet {
    const answer = this.#netlink?.dump(getPolicies, Buffer.alloc(64));
    if (answer === undefined || !answer.ok) return new IpsecPolicySet([]);
    return new IpsecPolicySet(answer.messages.flatMap(({ payload }) => policyIn(payload) ?? []));
  }

  close(): void {
    this.#netlink?.close();
  }
}

export class IpsecPolicySet {
  readonly #policies: readonly Policy[];

  constructor(policies: readonly Policy[]) {
    this.#policies = policies;
  }

  get isEmpty(): boolean {
    return this.#policies.length === 0;
  }

  /** Whether packets between these addresses, either way, fall under a policy. */
  covers(local: Buffer, remote: Buffer): boolean {
    const [ours, theirs] = [wireForm(local), wireForm(remote)];
    return this.#policies.some((policy) =>
      policy.direction === "out" ? matches(policy, ours, theirs) : matches(policy, theirs, ours),
    );
  }
}

/** Undefined: it is none that concerns media: of an interface, of a socket, of forwarding, or one that lets through. */
function policyIn(payload: Buffer): Policy | undefined {
  if (payload.length < policyBytes) return undefined;
  const direction = directionOf(payload);
  if (direction === undefined || isWithoutEffect(payload)) return undefined;
  return {
    direction,
    family: payload.readUInt16LE(offsets.family),
    protocol: payload.readUInt8(offsets.protocol),
    destination: Buffer.from(payload.subarray(0, addressBytes)),
    destinationBits: payload.readUInt8(offsets.destinationBits),
    source: Buffer.from(payload.subarray(addressBytes, 2 * addressBytes)),
    sourceBits: payload.readUInt8(offsets.sourceBits),
  };
}

/** Socket policies have an index whose lowest bits are 3 to 5. */
function directionOf(payload: Buffer): "in" | "out" | undefined {
  if ((payload.readUInt32LE(offsets.index) & 7) > 2) return undefined;
  const direction = payload[offsets.direction];
  if (direction === 0) return "in";
  return direction === 1 ? "out" : undefined;
}

function isWithoutEffect(payload: Buffer): boolean {
  const more = attributesIn(payload, policyBytes);
  const isAllowedInClear = payload[offsets.action] === 0 && !more.has(attributes.templates);
  const interfaceId = more.get(attributes.interfaceId)?.readUInt32LE(0) ?? 0;
  return isAllowedInClear || interfaceId !== 0;
}

function matches(policy: Policy, source: Buffer, destination: Buffer): boolean {
  if (policy.protocol !== 0 && policy.protocol !== udp) return false;
  if (policy.family !== families[destination.length === 4 ? 4 : 16]) return false;
  return (
    isWithin(source, policy.source, policy.sourceBits) &&
    isWithin(destination, policy.destination, policy.destinationBits)
  );
}

function isWithin(address: Buffer, network: Buffer, bits: number): boolean {
  for (let bit = 0; bit < bits; bit += 1) {
    const mask = 0x80 >> (bit & 7);
    if (((address[bit >> 3] ?? 0) & mask) !== ((network[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}
