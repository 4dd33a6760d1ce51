import { isIP } from "node:net";
import type { TransportProtocol } from "../transport/index.ts";
import type { SipUri } from "../uri/index.ts";
import { canonicalDnsName } from "./dns-name.ts";
import { type DnsQuestion, DnsView, type KnownAnswers } from "./dns-view.ts";
import type { Located, LocatedTarget, LocateFailureCode } from "./located.ts";
import { type Service, selectServices } from "./naptr-selection.ts";
import type { DnsAnswer, SrvRecord } from "./resolver.ts";
import { orderSrvRecords } from "./srv-order.ts";
import { chooseTransport, defaultTransport } from "./transport-choice.ts";

export interface PlanOptions {
  /** Transports we speak, the preferred ones first. */
  readonly protocols: readonly TransportProtocol[];
  /** Address families we can reach, in the order to try. */
  readonly families: readonly (4 | 6)[];
  readonly random: () => number;
  readonly maximumTargets: number;
}

/** Either everything needed is known, or these questions must be asked before planning again. */
export type Plan =
  | { readonly kind: "located"; readonly located: Located }
  | { readonly kind: "missing"; readonly questions: readonly DnsQuestion[] };

/** A name, the port and transport to reach it by. */
interface Host {
  readonly protocol: TransportProtocol;
  readonly name: string;
  readonly port: number;
}

/**
 * RFC 3263 §4 over what is known so far: a pure function but for `random`, which is asked only once everything is known.
 *
 *   numeric host ─▶ that address      port ─▶ A/AAAA      transport ─▶ SRV ─▶ A/AAAA      else NAPTR ─▶ SRV ─▶ A/AAAA
 */
export function planTargets(uri: SipUri, options: PlanOptions, known: KnownAnswers): Plan {
  const choice = chooseTransport(uri, options.protocols);
  if (!choice.ok) return { kind: "located", located: choice };
  const serverName = withoutBrackets(uri.host);
  const host = withoutBrackets(uri.parameters.get("maddr") ?? uri.host);
  const protocol = choice.protocol ?? defaultTransport(options.protocols);
  const port = uri.port ?? defaultPortOf(protocol);
  if (isIP(host) !== 0) return locatedAt([{ protocol, address: host, port, serverName }]);
  const name = canonicalDnsName(host);
  if (name === undefined) return failure("invalid-host", `${host} is not a host name`);
  const view = new DnsView(known);
  if (uri.port !== undefined) return planAddresses([{ protocol, name, port }], serverName, options, view);
  return planServices(uri, name, choice.protocol, serverName, options, view);
}

function planServices(
  uri: SipUri,
  name: string,
  demanded: TransportProtocol | undefined,
  serverName: string,
  options: PlanOptions,
  view: DnsView,
): Plan {
  const services = servicesOf(uri, name, demanded, options, view);
  if (services === undefined) return missing(view);
  const answers = services.map((service) => view.ask("SRV", service.srvName));
  if (!view.isComplete) return missing(view);
  if (answers.some((answer) => answer?.ok === true && answer.records.length > 0)) {
    return planSrvHosts(services, answers, serverName, options, view);
  }
  if (answers.some((answer) => answer !== undefined && isUnknown(answer))) {
    return failure("resolver-failed", `the SRV records of ${name} could not be had`);
  }
  // No SRV at all: the name itself, at the default port (RFC 3263 §4.2).
  const protocol = demanded ?? fallbackProtocol(services, options);
  return planAddresses([{ protocol, name, port: defaultPortOf(protocol) }], serverName, options, view);
}

/** Undefined: NAPTR is not known yet. A SIPS URI asks NAPTR too (§4.1); only a transport parameter makes it needless. */
function servicesOf(
  uri: SipUri,
  name: string,
  demanded: TransportProtocol | undefined,
  options: PlanOptions,
  view: DnsView,
): readonly Service[] | undefined {
  if (uri.parameters.has("transport") && demanded !== undefined) return [serviceByName(demanded, name)];
  const answer = view.ask("NAPTR", name);
  if (answer === undefined) return undefined;
  // A resolver that does not know may simply not know NAPTR: go on as if there were none.
  const isSecure = uri.scheme === "sips";
  const selected = answer.ok ? selectServices(answer.records, options.protocols, isSecure) : [];
  if (selected.length > 0) return selected;
  if (isSecure) return [serviceByName("TLS", name)];
  const plain = options.protocols.filter((protocol) => protocol !== "TLS");
  const protocols = plain.length > 0 ? plain : options.protocols;
  return protocols.map((protocol) => serviceByName(protocol, name));
}

function serviceByName(protocol: TransportProtocol, name: string): Service {
  const prefixes = { UDP: "_sip._udp.", TCP: "_sip._tcp.", TLS: "_sips._tcp." };
  return { protocol, srvName: `${prefixes[protocol]}${name}` };
}

function fallbackProtocol(services: readonly Service[], options: PlanOptions): TransportProtocol {
  const offered = services.map((service) => service.protocol);
  return offered.includes("UDP") ? "UDP" : (offered[0] ?? defaultTransport(options.protocols));
}

function planSrvHosts(
  services: readonly Service[],
  answers: readonly (DnsAnswer<SrvRecord> | undefined)[],
  serverName: string,
  options: PlanOptions,
  view: DnsView,
): Plan {
  const offered = answers.map((answer) => (answer?.ok === true ? answer.records.flatMap(offeredRecord) : []));
  if (offered.every((records) => records.length === 0)) {
    return failure("service-not-available", `${serverName} says that it offers no such service`);
  }
  const limited = offered.map((records) => byPriority(records).slice(0, options.maximumTargets));
  for (const records of limited) for (const record of records) askAddresses(record.target, options, view);
  if (!view.isComplete) return missing(view);
  const hosts: Host[] = [];
  limited.forEach((records, index) => {
    const protocol = services[index]?.protocol;
    if (protocol === undefined) return;
    for (const { target, port } of orderSrvRecords(records, options.random)) {
      hosts.push({ protocol, name: target, port });
    }
  });
  return planAddresses(hosts, serverName, options, view);
}

/** With its target as a canonical name; left out when that is "." or no name (RFC 2782). */
function offeredRecord(record: SrvRecord): SrvRecord[] {
  const target = canonicalDnsName(record.target);
  return target === undefined || record.port === 0 ? [] : [{ ...record, target }];
}

function byPriority(records: readonly SrvRecord[]): SrvRecord[] {
  return records.toSorted((a, b) => a.priority - b.priority);
}

function planAddresses(
  hosts: readonly Host[],
  serverName: string,
  options: PlanOptions,
  view: DnsView,
): Plan {
  const targets: LocatedTarget[] = [];
  let isAnyUnknown = false;
  for (const { protocol, name, port } of hosts) {
    for (const answer of askAddresses(name, options, view)) {
      if (!answer.ok) {
        isAnyUnknown ||= isUnknown(answer);
        continue;
      }
      for (const { address } of answer.records) addTarget(targets, { protocol, address, port, serverName });
    }
  }
  if (!view.isComplete) return missing(view);
  if (targets.length > 0) return locatedAt(targets.slice(0, options.maximumTargets));
  return isAnyUnknown
    ? failure("resolver-failed", `the addresses of ${serverName} could not be had`)
    : failure("name-not-found", `${serverName} has no address`);
}

function askAddresses(name: string, options: PlanOptions, view: DnsView): DnsAnswer<{ address: string }>[] {
  return options.families.flatMap((family) => view.ask(family === 4 ? "A" : "AAAA", name) ?? []);
}

function addTarget(targets: LocatedTarget[], target: LocatedTarget): void {
  const isThere = targets.some(
    ({ protocol, address, port }) =>
      protocol === target.protocol && address === target.address && port === target.port,
  );
  if (!isThere) targets.push(target);
}

function isUnknown(answer: DnsAnswer<unknown>): boolean {
  return !answer.ok && (answer.code === "TIMEOUT" || answer.code === "SERVFAIL");
}

function missing(view: DnsView): Plan {
  return { kind: "missing", questions: view.missing };
}

function locatedAt(targets: readonly LocatedTarget[]): Plan {
  return { kind: "located", located: { ok: true, targets } };
}

function failure(code: LocateFailureCode, text: string): Plan {
  return { kind: "located", located: { ok: false, code, text } };
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function defaultPortOf(protocol: TransportProtocol): number {
  return protocol === "TLS" ? 5061 : 5060;
}
