import type { EgressCandidate } from "@tandem/b2bua";
import type { ExplainCandidate, ExplainRequest, ExplainResult, ExplainStage } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { Candidate } from "@tandem/routing";
import { parseMessage, type SipRequest } from "@tandem/sip/message";
import type { Flow, TransportProtocol } from "@tandem/sip/transport";
import { type AdmissionOptions, admit } from "./admission.ts";
import { egressCandidates } from "./egress/egress-candidates.ts";
import { chooseWay, type GatewayPlace } from "./egress/egress-ways.ts";
import type { Lines } from "./lines/lines.ts";
import { CallContext } from "./pipeline/call-context.ts";
import { identifyIngress } from "./pipeline/ingress-identification.ts";
import { runPipeline } from "./pipeline/pipeline.ts";
import type { StageServices } from "./pipeline/stage-services.ts";
import type { Verdict } from "./pipeline/verdict.ts";
import type { SnapshotHolder } from "./snapshot/snapshot-holder.ts";
import { describeIdentity } from "./stir/outgoing-identity.ts";

export interface ExplainServices {
  readonly gateway: string;
  readonly snapshots: SnapshotHolder;
  readonly admission: AdmissionOptions;
  readonly stages: StageServices;
  readonly place: GatewayPlace;
  readonly lines: Pick<Lines, "connectionOf" | "interfaceAt">;
}

export type Explained =
  | { readonly ok: true; readonly result: ExplainResult }
  | { readonly ok: false; readonly error: string };

/** The pipeline as a dry run: nothing is counted, sent or remembered. */
export function explain(services: ExplainServices, request: ExplainRequest): Explained {
  const { table } = services.snapshots;
  if (table === undefined) return { ok: false, error: "this gateway has no snapshot yet" };
  const text = request.kind === "invite" ? withLineBreaks(request.text) : inviteOf(request, services);
  const parsed = parseMessage(text, "datagram");
  if (!parsed.ok) return { ok: false, error: `not a SIP message: ${parsed.error.text}` };
  if (!parsed.value.isRequest) return { ok: false, error: "a response can't be explained, only an INVITE" };
  const interfaceName = request.interface ?? defaultInterface(services, request);
  if (interfaceName === undefined || services.stages.interfaceByName(interfaceName) === undefined) {
    return { ok: false, error: `this gateway has no interface ${request.interface ?? "for that direction"}` };
  }
  const call = new CallContext({
    request: parsed.value,
    flow: assumedFlow(services, interfaceName, request.sourceAddress, request.transport ?? "UDP"),
    table,
    isDryRun: true,
    assumedUsername: request.kind === "facts" ? request.username : undefined,
  });
  return { ok: true, result: dryRun(services, call, parsed.value) };
}

function dryRun(services: ExplainServices, call: CallContext, request: SipRequest): ExplainResult {
  const stages: ExplainStage[] = [];
  let candidates: readonly ExplainCandidate[] = [];
  // Nobody's bucket is drawn from.
  const admission: AdmissionOptions = { ...services.admission, probes: { take: () => true } };
  if (identifyIngress(call, admission)) {
    stages.push(stage("ingress-identification", "pass", identified(call)));
    const last = runPipeline(call, services.stages, ({ name, verdict }) =>
      stages.push(ofVerdict(name, verdict)),
    );
    if (last.kind === "pass") candidates = describeCandidates(call, services.place);
  } else {
    stages.push(notIdentified(call, request, admission));
  }
  return {
    gateway: services.gateway,
    snapshotVersion: call.table.snapshot.version,
    trunkSid: call.trunk?.sid ?? null,
    accountSid: call.trunk?.accountSid ?? null,
    stages,
    candidates: [...candidates],
  };
}

function notIdentified(call: CallContext, request: SipRequest, options: AdmissionOptions): ExplainStage {
  const address = call.flow.remoteAddress;
  const isProbe = admit(request, call.flow, call.table, options).kind === "probe";
  const reason = isProbe ? reasons.sourceAddressNotInAccessControlList : reasons.strangerSource;
  return {
    stage: "ingress-identification",
    verdict: "refuse",
    text: isProbe
      ? `${address} is in no access control list of the trunk that ${request.requestUri} names: a bare 403 a few times a minute, then nothing`
      : `stranger: ${request.requestUri} names no trunk that knows ${address}${overLine(call)}, and no carrier sends from there; nothing is answered`,
    reasonCode: reason.code,
    statusCode: reason.statusCode ?? null,
  };
}

function identified(call: CallContext): string {
  if (call.direction === "origination") return `carrier ${call.carrier?.friendlyName} (${call.carrier?.sid})`;
  const edge = call.namedEdge === undefined ? "" : `, named at edge ${call.namedEdge.name}`;
  return `trunk ${call.trunk?.friendlyName} (${call.trunk?.sid})${edge}${overLine(call)}`;
}

function overLine({ flow: { connection }, table }: CallContext): string {
  if (connection === undefined) return "";
  const status = table.connectionBySid(connection)?.status ?? "unknown";
  return status === "active" ? `, over line ${connection}` : `, over line ${connection}, which is ${status}`;
}

function ofVerdict(name: string, verdict: Verdict): ExplainStage {
  if (verdict.kind === "pass") return stage(name, "pass", verdict.text);
  return {
    stage: name,
    verdict: "refuse",
    text: verdict.text,
    reasonCode: verdict.reason.code,
    statusCode: verdict.statusCode ?? verdict.reason.statusCode ?? null,
  };
}

function stage(name: string, verdict: "pass" | "refuse" | "skip", text: string): ExplainStage {
  return { stage: name, verdict, text, reasonCode: null, statusCode: null };
}

function describeCandidates(call: CallContext, place: GatewayPlace): ExplainCandidate[] {
  const why = new Map(
    call.candidates.map((one) => [
      one.sid,
      `${one.why}; ${describeWay(one, call, place)}${describeIdentity(call, one.carrier, place.authentication)}`,
    ]),
  );
  const routes = egressCandidates(call, place, "");
  const usable = routes.candidates.map((candidate) => ({
    sid: candidate.sid,
    url: candidate.url,
    edge: candidate.edge ?? null,
    usable: candidate.downReason === undefined,
    text: candidate.downReason ?? `${why.get(candidate.sid) ?? ""}${viaSisters(candidate)}`,
  }));
  const tried = new Set(routes.candidates.map(({ sid }) => sid));
  // One that is passed over and tried last stands at its place already.
  const skipped = routes.skipped
    .filter(({ sid }) => !tried.has(sid))
    .map((one) => ({
      sid: one.sid,
      url: one.url,
      edge: one.edge ?? null,
      usable: false,
      text: `${one.reason.code} ${one.reason.name}: ${one.text}`,
    }));
  return [...usable, ...skipped];
}

/** By whom a candidate of another edge is placed, in the order in which they are asked. */
function viaSisters({ placement }: EgressCandidate): string {
  if (placement === undefined) return "";
  return `, over the backbone by ${placement.sisters.map((sister) => sister.gateway).join(", then ")}`;
}

/** Which network calls would take. A dry run asks no DNS. */
function describeWay(candidate: Candidate, call: CallContext, place: GatewayPlace): string {
  const chosen = chooseWay(candidate, call.table, place);
  if (chosen === undefined) return "its line is decided after DNS";
  if (chosen.kind !== "way") return chosen.text;
  const { connection, interface: by } = chosen.way;
  return connection === undefined ? `by interface ${by.name}` : `by line ${connection.sid}`;
}

/** Where a request from that address would arrive: by the line that leads there, if there is one. */
function defaultInterface({ place, lines }: ExplainServices, request: ExplainRequest): string | undefined {
  const isOrigination = request.kind === "facts" && request.direction === "origination";
  const line = isOrigination ? undefined : lines.interfaceAt(request.sourceAddress);
  if (line !== undefined) return line.name;
  const roles = isOrigination ? ["carrier"] : ["public", "private", "carrier"];
  for (const role of roles) {
    const found = place.interfaces.find((one) => one.roles.some((has) => has === role));
    if (found !== undefined) return found.name;
  }
  return undefined;
}

function assumedFlow(
  { lines }: ExplainServices,
  interfaceName: string,
  remoteAddress: string,
  protocol: TransportProtocol,
): Flow {
  return {
    interfaceName,
    connection: lines.connectionOf(remoteAddress, interfaceName),
    protocol,
    localAddress: "",
    localPort: 0,
    remoteAddress,
    remotePort: 5060,
    isReliable: protocol !== "UDP",
    isOpen: false,
    isSecure: protocol === "TLS",
    id: "dry-run",
  };
}

/** Facts as the INVITE they describe. */
function inviteOf(request: Extract<ExplainRequest, { kind: "facts" }>, services: ExplainServices): string {
  const host = request.host ?? services.place.interfaces[0]?.localAddress ?? "127.0.0.1";
  const transport = request.transport ?? "UDP";
  const caller = request.from.includes("@") ? request.from : `${request.from}@${request.sourceAddress}`;
  return [
    `INVITE sip:${request.to}@${host} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${request.sourceAddress}:5060;branch=z9hG4bKexplain`,
    `From: <sip:${caller}>;tag=explain`,
    `To: <sip:${request.to}@${host}>`,
    "Call-ID: explain",
    "CSeq: 1 INVITE",
    "Max-Forwards: 70",
    `Contact: <sip:${request.sourceAddress}:5060>`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** Text pasted from a terminal has bare line feeds. */
function withLineBreaks(text: string): string {
  const lines = text.replace(/\r\n/g, "\n").replace(/\n/g, "\r\n");
  return lines.includes("\r\n\r\n") ? lines : `${lines.trimEnd()}\r\n\r\n`;
}
