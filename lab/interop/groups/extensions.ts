import assert from "node:assert/strict";
import { waitFor } from "../../harness/wait.ts";
import { type Group, shortTimers } from "../group.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { type Caller, content } from "../sipp/caller.ts";
import { requestsReceived, responsesReceived } from "../sipp/message-trace.ts";
import type { Peer } from "../sipp/peer.ts";
import {
  maybe,
  pause,
  receiveInvite,
  receiveRequest,
  receiveResponse,
  type Step,
  send,
  sendReliably,
} from "../sipp/script.ts";
import type { Stage } from "../stage.ts";
import { playPremiumCall, playPremiumTransfer } from "./premium-numbers.ts";

const callee = new Callee();

/** A response to the INVITE that began the call, whatever came since. */
function toInvite(statusCode: number, reasonPhrase: string, fields: readonly string[], body: string): string {
  return `SIP/2.0 ${statusCode} ${reasonPhrase}
Via: [$first]
From: [$caller]
To: [$callee];tag=${callee.tag}
Call-ID: [call_id]
CSeq: [$sequence] INVITE
Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>
${fields.map((field) => `${field}\n`).join("")}${content(body)}`;
}

/** The INVITE, with what `toInvite` needs of it. */
const receiveFirst: readonly Step[] = [
  `  <recv request="INVITE" rrs="true">
    <action>
      <ereg regexp="[^ ].*" search_in="hdr" header="From:" assign_to="caller"/>
      <ereg regexp="[^ ].*" search_in="hdr" header="To:" assign_to="callee"/>
      <ereg regexp="[^ ].*" search_in="hdr" header="Via:" assign_to="first"/>
      <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="sequence"/>
    </action>
  </recv>
  <Reference variables="caller,callee,first,sequence"/>`,
];

/** 200 inside the dialog, sent once: SIPp repeats others until the next message comes. */
function inDialogOk(body: string, fields: readonly string[] = []): string {
  return `SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>
${fields.map((field) => `${field}\n`).join("")}${content(body)}`;
}

/** A request of the caller inside its dialog. */
function inDialog(
  number: string,
  method: string,
  sequenceNumber: number,
  fields: readonly string[],
  body = "",
): Step {
  return sendReliably(`${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]c[call_number]${method}${sequenceNumber}
[routes]
From: <sip:+12025550123@[local_ip]>;tag=[pid]c[call_number]
To: <sip:${number}@tandem.test>[peer_tag_param]
Call-ID: [call_id]
CSeq: ${sequenceNumber} ${method}
Contact: <sip:customer@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
${fields.map((field) => `${field}\n`).join("")}${content(body)}`);
}

/** The caller's 183, with its RSeq kept. */
const receiveReliably = `  <recv response="183" rrs="true">
    <action>
      <ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/>
    </action>
  </recv>
  <Reference variables="rseq"/>`;

async function playPrack(stage: Stage): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const carrier = stage.carrier([
    ...receiveFirst,
    sendReliably(
      toInvite(183, "Session Progress", ["Require: 100rel", "RSeq: 7", "Allow: PRACK, UPDATE"], audio()),
    ),
    receiveRequest("PRACK"),
    callee.ok(),
    receiveRequest("UPDATE"),
    send(inDialogOk(audio({ version: 2, port: 6200 }))),
    pause(300),
    sendReliably(toInvite(200, "OK", [], "")),
    receiveRequest("ACK"),
    ...callee.hungUp(),
  ]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer([
    lines.invite({ headerFields: ["Supported: 100rel", "Allow: INVITE, ACK, BYE, PRACK, UPDATE"] }),
    maybe(100),
    receiveReliably,
    inDialog(number, "PRACK", 2, ["RAck: [$rseq] 1 INVITE"]),
    receiveResponse(200),
    inDialog(number, "UPDATE", 3, [], audio({ version: 2, port: 6300 })),
    receiveResponse(200),
    receiveResponse(200, { keepsRoute: true }),
    lines.ack(),
    pause(300),
    ...lines.hangUp(4),
  ]);
  await customer.finish();
  await carrier.finish();
  assert.equal((await stage.record(number)).status, "completed");
  assert.equal(requestsReceived(carrier.trace, "PRACK")[0]?.value("RAck"), "7 1 INVITE");
  const [update] = responsesReceived(customer.trace, "UPDATE", 200);
  assert.match(update?.body ?? "", /^m=audio [1-9]\d* /m);
  assert.equal(responsesReceived(customer.trace, "INVITE", 200)[0]?.body, "");
}

async function playRefresh(stage: Stage): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const timer = "Session-Expires: 90;refresher=uac";
  const carrier = stage.carrier([
    ...receiveFirst,
    sendReliably(toInvite(200, "OK", [timer, "Require: timer", "Allow: INVITE, ACK, BYE, UPDATE"], audio())),
    receiveRequest("ACK"),
    receiveRequest("UPDATE"),
    send(inDialogOk("", [timer])),
    ...callee.hungUp(),
  ]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer([
    lines.invite({ headerFields: ["Supported: timer", timer] }),
    maybe(100),
    receiveResponse(200, { keepsRoute: true }),
    lines.ack(),
    pause(40_000),
    inDialog(number, "UPDATE", 2, ["Supported: timer", timer]),
    receiveResponse(200),
    lines.reinvite(3, audio()),
    maybe(100),
    receiveResponse(200),
    lines.ack(3),
    pause(8000),
    ...lines.hangUp(4),
  ]);
  await customer.finish();
  await carrier.finish();
  assert.equal((await stage.record(number)).releasedBy, "caller");
  const [refresh] = requestsReceived(carrier.trace, "UPDATE");
  assert.equal(refresh?.value("Session-Expires"), "90;refresher=uac");
  // Those of the caller are answered by the gateway.
  assert.equal(requestsReceived(carrier.trace, "UPDATE").length, 1);
  assert.equal(requestsReceived(carrier.trace, "INVITE").length, 1);
  const [refreshed] = responsesReceived(customer.trace, "UPDATE", 200);
  assert.equal(refreshed?.value("Session-Expires"), "90;refresher=uac");
  // A re-INVITE that asks for no session timer ends it (RFC 4028 §7.2).
  assert.equal(responsesReceived(customer.trace, "INVITE", 200).at(-1)?.has("Session-Expires"), false);
}

/** 200 to a NOTIFY. */
const noted: readonly Step[] = [receiveRequest("NOTIFY"), callee.ok()];

/** A call that its caller transfers; what it was transferred to, once it is known. */
async function transferred(stage: Stage, lines: Caller, number: string, referTo: string): Promise<Peer> {
  const customer = stage.customer([
    ...lines.establish(),
    pause(300),
    inDialog(number, "REFER", 2, [`Refer-To: ${referTo}`]),
    receiveResponse(202),
    ...noted,
    ...noted,
    receiveRequest("BYE"),
    callee.ok(),
  ]);
  await customer.finish();
  return customer;
}

async function playBlindTransfer(stage: Stage): Promise<void> {
  const { label } = await stage.provisionTrunk({
    addresses: [stage.customerAddress],
    parameters: { TransferMode: "enable-all" },
  });
  const [number, target] = [stage.number(), stage.number()];
  const carrier = stage.carrier([
    ...callee.establish(),
    receiveRequest("INVITE"),
    callee.ok(audio({ version: 2 })),
    receiveRequest("ACK"),
    pause(500),
    ...callee.hangUp(1),
  ]);
  const other = stage.carrier([receiveInvite(), callee.answer(), receiveRequest("ACK"), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  await stage.provisionCarrier({ gateways: [other.uri], prefix: target });
  const customer = await transferred(stage, stage.customerLines(number, label), number, `<tel:${target}>`);
  await carrier.finish();
  await other.finish();
  const notified = requestsReceived(customer.trace, "NOTIFY").map(({ body }) => body.trim());
  assert.deepEqual(notified, ["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
  const parent = await stage.record(number);
  const child = await stage.record(target);
  assert.deepEqual([parent.status, child.status], ["completed", "completed"]);
  assert.equal(child.from, number);
  const { api } = stage.exchange;
  const call = await api.get(`${api.accountPath}/Calls/${child.sid}.json`);
  assert.equal(call["parent_call_sid"], parent.sid);
}

async function playAttendedTransfer(stage: Stage): Promise<void> {
  const { label } = await stage.provisionTrunk({
    addresses: [stage.customerAddress],
    parameters: { TransferMode: "enable-all" },
  });
  const [number, target] = [stage.number(), stage.number()];
  const moved: readonly Step[] = [
    receiveRequest("INVITE"),
    callee.ok(audio({ version: 2 })),
    receiveRequest("ACK"),
  ];
  const carrier = stage.carrier([...callee.establish(), ...moved, pause(500), ...callee.hangUp(1)]);
  const other = stage.carrier([...callee.establish(), ...moved, ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  await stage.provisionCarrier({ gateways: [other.uri], prefix: target });
  const consultation = stage.customer([
    ...stage.customerLines(target, label).establish(),
    receiveRequest("BYE"),
    callee.ok(),
  ]);
  const answered = await waitFor(
    "the consultation call",
    async () => responsesReceived(consultation.trace, "INVITE", 200)[0],
  );
  const { callId, toTag, fromTag } = answered;
  const { customerAddress, sipPort } = stage.exchange;
  const replaces = encodeURIComponent(`${callId};to-tag=${toTag};from-tag=${fromTag}`);
  const referTo = `<sip:${customerAddress}:${sipPort}?Replaces=${replaces}>`;
  await transferred(stage, stage.customerLines(number, label), number, referTo);
  await consultation.finish();
  await carrier.finish();
  await other.finish();
  const records = await stage.records(target, 2);
  assert.deepEqual(
    records.map(({ status }) => status),
    ["completed", "completed"],
  );
  assert.ok(records.some(({ from }) => from === number));
}

export const extensions: Group = {
  name: "extensions",
  peers: ["sipp"],
  stage: { network: 186, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 4,
  scenarios: [
    {
      name: "prack-and-update",
      sentence: "a reliable 183 has its PRACK on each leg, and an UPDATE changes the media before the answer",
      play: playPrack,
    },
    {
      name: "session-refresh",
      sentence: "the gateway refreshes the carrier's session, and answers the customer's refreshes itself",
      play: playRefresh,
    },
    {
      name: "blind-transfer",
      sentence: "a customer transfers its callee to another number, and leaves",
      play: playBlindTransfer,
    },
    {
      name: "attended-transfer",
      sentence: "a customer joins the other sides of two of its calls",
      play: playAttendedTransfer,
    },
    {
      name: "premium-call",
      sentence: "a call to a premium rate number gets 403 and why, and is connected once its switch is on",
      play: playPremiumCall,
    },
    {
      name: "premium-transfer",
      sentence: "a REFER to a premium rate number gets 403 and why, and the call goes on",
      play: playPremiumTransfer,
    },
  ],
};
