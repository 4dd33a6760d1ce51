/**
 * The capability set document of a trunk (RFC 10006): what a customer's session border controller needs to know to
 * set itself up. Names are those of the YANG module `ietf-sip-auto-peering`, values are encoded as RFC 7951 says. What
 * is left out, and why, stands in decision 0021.
 */
import type { IpRange } from "@tandem/contracts";
import type { EdgeRow, OriginationUrlRow, TrunkRow } from "@tandem/database";
import {
  audioFormats,
  supportedMethods,
  supportedOptions,
  telephoneEventPayload,
  tlsVersions,
} from "./exchange-signaling.ts";
import { ipRangeList } from "./ip-range-list.ts";
import { requestTargetsOf } from "./request-targets.ts";

export const maximumListedNumbers = 100;
/** The model has room for two. */
const maximumNameServers = 2;

export interface CapabilityFacts {
  readonly trunk: TrunkRow;
  readonly originationUrls: readonly OriginationUrlRow[];
  /** E.164, `maximumListedNumbers` at most; undefined: there are more. */
  readonly numbers: readonly string[] | undefined;
  readonly edges: readonly EdgeRow[];
  readonly ipRanges: readonly IpRange[];
  readonly nameServers: readonly string[];
  readonly baseDomain: string;
  readonly realm: string;
  /** Of the document itself, and of the list of the trunk's numbers. */
  readonly url: string;
  readonly numbersUrl: string;
}

export type CapabilitySet = Readonly<Record<"ietf-sip-auto-peering:sip-auto-peering", object>>;

export function capabilitySetOf(facts: CapabilityFacts): CapabilitySet {
  return {
    "ietf-sip-auto-peering:sip-auto-peering": {
      variant: "ietf-sip-auto-peering:v1-0",
      revision: { "not-before": notBeforeOf(facts), location: facts.url },
      "transport-info": transportInfoOf(facts),
      "call-spec": callSpecOf(facts),
      media: mediaOf(facts),
      dtmf: { "payload-number": telephoneEventPayload, iteration: true },
      security: securityOf(facts),
      extension: supportedOptions,
      "tandem-sip-auto-peering:ip-range": ipRangeList(facts.ipRanges),
    },
  };
}

/** The newest change of what the document is made of. */
function notBeforeOf({ trunk, edges, originationUrls }: CapabilityFacts): string {
  const times = [trunk, ...edges, ...originationUrls].map((row) => row.date_updated.getTime());
  return `${new Date(Math.max(...times)).toISOString().slice(0, 19)}Z`;
}

/** A trunk that demands TLS has TCP only: the model knows TLS as a security of TCP, not as a transport. */
function transportInfoOf(facts: CapabilityFacts): object {
  const { trunk, edges, nameServers, realm, baseDomain } = facts;
  const isServed = (port: "udp_port" | "tcp_port") =>
    edges.length === 0 || edges.some((edge) => edge[port] !== null);
  const transports = [
    ...(!trunk.secure && isServed("udp_port") ? ["ietf-sip-auto-peering:udp"] : []),
    ...(trunk.secure || isServed("tcp_port") ? ["ietf-sip-auto-peering:tcp"] : []),
  ];
  const targets = requestTargetsOf(trunk, facts.originationUrls, edges, baseDomain);
  return {
    transport: transports.length === 0 ? ["ietf-sip-auto-peering:tcp"] : transports,
    ...listed("realm", trunk.has_credential_list ? [{ name: realm }] : []),
    ...listed("call-control", targets),
    ...listed("dns-server", nameServers.slice(0, maximumNameServers)),
  };
}

/** Attempts one after the other are early dialogs of their own (several To tags), which is what the leaf warns of. */
function callSpecOf({ numbers, numbersUrl }: CapabilityFacts): object {
  return {
    "early-media": true,
    "signaling-forking": true,
    "supported-method": supportedMethods,
    "caller-id": { "e164-format": true, "preferred-method": "from" },
    ...listed("number-range", numberRangesOf(numbers, numbersUrl)),
  };
}

function numberRangesOf(numbers: readonly string[] | undefined, url: string): readonly object[] {
  if (numbers === undefined) return [{ index: 0, type: "reference", value: [url] }];
  if (numbers.length === 0) return [];
  return [{ index: 0, type: "collection", count: numbers.length, value: numbers }];
}

/** A `strict` or `symmetric` source policy takes media only from where it is sent to, or latches onto its source. */
function mediaOf({ trunk }: CapabilityFacts): object {
  const isSymmetric = trunk.source_policy !== "address";
  return {
    "media-type-audio": audioFormats.map(({ format, rate, ptime }) => ({
      "media-format": `ietf-sip-auto-peering:${format}`,
      rate,
      ptime,
    })),
    fax: { protocol: ["t38", "pass-through"] },
    rtp: { "rtp-trigger": false, "symmetric-rtp": isSymmetric },
    rtcp: { "symmetric-rtcp": isSymmetric },
  };
}

/** Media keys are left out, since control does not know which gateway has rtpengine; gateways sign nothing (STIR). */
function securityOf({ edges }: CapabilityFacts): object {
  const hasTls = edges.some((edge) => edge.tls_port !== null);
  return {
    signaling: { secure: hasTls, ...(hasTls && { version: tlsVersions }) },
    "secure-telephony-identity": { "stir-compliance": false },
  };
}

/** A list without entries is not in a document at all (RFC 7950 §7.7). */
function listed(name: string, entries: readonly unknown[]): object {
  return entries.length === 0 ? {} : { [name]: entries };
}
