import assert from "node:assert/strict";
import { parseMessage, reasonPhraseOf, SipRequest, SipResponse } from "../message/index.ts";

/** What may be said of a request; each part has a default. Rows are written in the order of this list. */
export interface RequestParts {
  readonly requestUri?: string;
  /** Topmost Via and those below. Default: one with `branch`. */
  readonly vias?: readonly string[];
  readonly transport?: "UDP" | "TCP" | "TLS";
  readonly sentBy?: string;
  /** "" leaves the parameter out. */
  readonly branch?: string;
  readonly maxForwards?: number;
  /** Name-addr without tag. */
  readonly from?: string;
  /** "" leaves the tag out. */
  readonly fromTag?: string;
  readonly to?: string;
  /** Default: none. */
  readonly toTag?: string;
  readonly callId?: string;
  readonly sequenceNumber?: number;
  /** Default: one for INVITE and UPDATE. "" leaves it out. */
  readonly contact?: string;
  readonly headerFields?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

const requestDefaults = {
  requestUri: "sip:bob@198.51.100.1",
  transport: "UDP",
  sentBy: "192.0.2.1:5060",
  branch: "z9hG4bK-alice-1",
  maxForwards: 70,
  from: "<sip:alice@example.com>",
  fromTag: "alice-tag",
  to: "<sip:bob@example.com>",
  toTag: "",
  callId: "call-1",
  sequenceNumber: 1,
  headerFields: [],
  body: "",
} as const;

/** A request of the peer as it comes from the wire. */
export function request(method: string, parts: RequestParts = {}): string {
  const all = { ...requestDefaults, contact: defaultContact(method), ...parts };
  const via = `SIP/2.0/${all.transport} ${all.sentBy}${all.branch === "" ? "" : `;branch=${all.branch}`}`;
  return written(
    `${method} ${all.requestUri} SIP/2.0`,
    [
      ...rows("Via", all.vias ?? [via]),
      ["Max-Forwards", String(all.maxForwards)],
      ["From", withTag(all.from, all.fromTag)],
      ["To", withTag(all.to, all.toTag)],
      ["Call-ID", all.callId],
      ["CSeq", `${all.sequenceNumber} ${method}`],
      ...rows("Contact", all.contact === "" ? [] : [all.contact]),
      ...all.headerFields,
    ],
    all.body,
  );
}

/** What may be said of a response beyond its status code. */
export interface ResponseParts {
  readonly reasonPhrase?: string;
  /** Default: "bob-tag", and none for a 100. "" leaves it out. A tag in the request's To stays. */
  readonly toTag?: string;
  /** Default: one for 180-299 to INVITE. "" leaves it out. */
  readonly contact?: string;
  /** Instead of the Via rows of the request. */
  readonly vias?: readonly string[];
  readonly headerFields?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** A response of the peer to a request of ours (its text), as it comes from the wire. */
export function responseTo(requestText: string, statusCode: number, parts: ResponseParts = {}): string {
  const asked = parsedRequest(requestText);
  const copied = (name: string): string => asked.value(name) ?? "";
  const hasContact = asked.method === "INVITE" && statusCode >= 180 && statusCode < 300;
  const all = {
    reasonPhrase: reasonPhraseOf(statusCode),
    toTag: statusCode === 100 ? "" : "bob-tag",
    contact: hasContact ? "<sip:bob@192.0.2.1:5060>" : "",
    vias: asked.values("Via"),
    headerFields: [],
    body: "",
    ...parts,
  };
  return written(
    `SIP/2.0 ${statusCode} ${all.reasonPhrase}`,
    [
      ...rows("Via", all.vias),
      ["From", copied("From")],
      ["To", asked.toTag === "" ? withTag(copied("To"), all.toTag) : copied("To")],
      ["Call-ID", asked.callId],
      ["CSeq", copied("CSeq")],
      ...rows("Contact", all.contact === "" ? [] : [all.contact]),
      ...all.headerFields,
    ],
    all.body,
  );
}

/** The same text as a parsed request; fails the test when it is none. */
export function parsedRequest(text: string): SipRequest {
  const message = parseMessage(text, "datagram");
  assert.ok(message.ok && message.value instanceof SipRequest, `no request: ${text}`);
  return message.value;
}

/** The same text as a parsed response; fails the test when it is none. */
export function parsedResponse(text: string): SipResponse {
  const message = parseMessage(text, "datagram");
  assert.ok(message.ok && message.value instanceof SipResponse, `no response: ${text}`);
  return message.value;
}

type Row = readonly [name: string, value: string];

function rows(name: string, values: readonly string[]): Row[] {
  return values.map((value) => [name, value]);
}

function written(startLine: string, fields: readonly Row[], body: string): string {
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${startLine}\r\n${lines.join("")}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function defaultContact(method: string): string {
  return method === "INVITE" || method === "UPDATE" ? "<sip:alice@192.0.2.1:5060>" : "";
}

function withTag(nameAddr: string, tag: string): string {
  return tag === "" ? nameAddr : `${nameAddr};tag=${tag}`;
}
