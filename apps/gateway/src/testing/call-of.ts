import { HandClock } from "@tandem/clock/testing";
import type { InterfaceConfiguration, Snapshot } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { type FlowOptions, flow, parsedRequest, type RequestParts, request } from "@tandem/sip/testing";
import type { Flow, TransportProtocol } from "@tandem/sip/transport";
import { parseSipUri } from "@tandem/sip/uri";
import { ReplayWindow } from "../backbone/replay-window.ts";
import { TrunkLimits } from "../calls/trunk-limits.ts";
import { DigestGate } from "../digest-gate.ts";
import { CallContext } from "../pipeline/call-context.ts";
import type { StageServices } from "../pipeline/stage-services.ts";
import { ClientCertificates } from "../tls/client-certificates.ts";
import { addresses, exampleSnapshot, trunkHost } from "./example-snapshot.ts";

export const interfaces: readonly InterfaceConfiguration[] = [
  {
    name: "customers",
    roles: ["private", "public"],
    localAddress: "198.51.100.1",
    udpPort: 5060,
    tcpPort: 5060,
    tlsPort: 5061,
  },
  { name: "carriers", roles: ["carrier"], localAddress: "198.51.100.2", udpPort: 5060, tcpPort: 5060 },
];

export interface CallParts extends RequestParts {
  readonly protocol?: TransportProtocol;
  readonly flow?: FlowOptions;
  readonly snapshot?: Partial<Snapshot>;
  readonly isDryRun?: boolean;
  readonly assumedUsername?: string;
}

/** A customer's INVITE as ingress-identification leaves it. */
export function terminationCall(parts: CallParts = {}): CallContext {
  const call = contextOf({
    requestUri: `sip:+15557654321@${trunkHost}`,
    from: "<sip:+15550001111@acme.example>",
    ...parts,
    flow: { interfaceName: "customers", remoteAddress: addresses.customer, ...parts.flow },
  });
  const found = call.table.trunkByHost(trunkHost);
  call.trunk = found?.trunk ?? call.table.trunkBySid("TK1");
  call.account = call.table.accountBySid("AC1");
  return call;
}

/** A carrier's INVITE as ingress-identification leaves it. */
export function originationCall(parts: CallParts = {}): CallContext {
  const call = contextOf({
    requestUri: "sip:+15550001111@198.51.100.2",
    from: "<sip:+442071838750@bigtel.example>",
    ...parts,
    flow: { interfaceName: "carriers", remoteAddress: addresses.carrier, ...parts.flow },
  });
  call.direction = "origination";
  call.carrier = call.table.carrierBySid("CR1");
  return call;
}

/** The same after trunk-of-number. */
export function originationCallOnTrunk(parts: CallParts = {}): CallContext {
  const call = originationCall(parts);
  call.trunk = call.table.trunkBySid("TK1");
  call.account = call.table.accountBySid("AC1");
  call.calledNumber = "+15550001111";
  call.callingNumber = "+442071838750";
  return call;
}

function contextOf(parts: CallParts): CallContext {
  const parsed = parsedRequest(request("INVITE", withType(parts)));
  const context = new CallContext({
    request: parsed,
    flow: flow(parts.protocol ?? "UDP", parts.flow),
    table: RoutingTable.from(exampleSnapshot(parts.snapshot)),
    isDryRun: parts.isDryRun ?? false,
    assumedUsername: parts.assumedUsername,
  });
  const uri = parseSipUri(parsed.requestUri);
  context.requestUri = uri.ok ? uri.value : undefined;
  return context;
}

/** A body that says nothing else is a session description. */
function withType(parts: CallParts): CallParts {
  const { body = "", headerFields = [] } = parts;
  if (body === "" || headerFields.some(([name]) => name === "Content-Type")) return parts;
  return { ...parts, headerFields: [["Content-Type", "application/sdp"], ...headerFields] };
}

export interface StageServicesDouble extends StageServices {
  readonly clock: HandClock;
  /** Candidate SIDs that health calls down, with the reason. */
  readonly down: Map<string, string>;
  /** Flows that a valid digest came over. */
  readonly verified: readonly Flow[];
}

/** Services of the stages on a hand clock, with the digest keys of the example snapshot. */
export function stageServices(): StageServicesDouble {
  const clock = new HandClock();
  const digest = new DigestGate(clock, "gateway-1");
  digest.apply(exampleSnapshot());
  const down = new Map<string, string>();
  const verified: Flow[] = [];
  return {
    clock,
    down,
    verified,
    shield: { onValidDigest: (flow) => verified.push(flow) },
    edge: "ashburn-ix",
    interfaceByName: (name) => interfaces.find((one) => one.name === name),
    digest,
    clientCertificates: new ClientCertificates(clock),
    limits: new TrunkLimits(clock),
    replays: new ReplayWindow(clock),
    health: { stateOf: ({ sid }) => ({ isDown: down.has(sid), reason: down.get(sid) ?? "" }) },
    mediaInterfaces: interfaces.map(({ name }) => name),
    egressInterfaces: ({ direction }) => new Set([direction === "termination" ? "carriers" : "customers"]),
    random: () => 0,
  };
}
