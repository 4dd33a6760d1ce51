import assert from "node:assert/strict";
import { RelayDouble, SdpRelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { HeaderFields, type SipRequest } from "@tandem/sip/message";
import {
  type AgentScript,
  agentScript,
  expectNothingLeft,
  flow,
  parsedRequest,
  parsedResponse,
  type RequestParts,
  type ResponseParts,
  request,
  responseTo,
} from "@tandem/sip/testing";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { InviteUas } from "@tandem/sip/user-agent";
import { Call } from "../call.ts";
import {
  type AttemptSignal,
  type CallPlan,
  type CallPorts,
  type EgressCandidate,
  type EgressPlace,
  placedAt,
} from "../call-plan.ts";
import type { JoinedLegs } from "../joined-legs.ts";
import type { Side } from "../media-anchor.ts";

export const mediaAddress = "198.51.100.9";

/** A session description; `media` replaces the audio lines. */
export function sdp(address: string, media: readonly string[] = ["m=audio 4000 RTP/AVP 0 101"]): string {
  const head = ["v=0", `o=peer 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...head, ...media, ""].join("\r\n");
}

/** What `sdp` of ours looks like with the session ID left out. */
export function ourSdp(version: number, media: readonly string[], address: string = mediaAddress): string {
  const head = ["v=0", `o=- ID ${version} IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...head, ...media, ""].join("\r\n");
}

/** A body of ours without its random session ID. */
export function withoutSessionId(body: string): string {
  return body.replace(/^o=- \d+ /m, "o=- ID ");
}

export const callerOffer: string = sdp("192.0.2.1");
export const calleeAnswer: string = sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]);

/** The media description of most scripts. */
export const audio = "m=audio 4000 RTP/AVP 0";

export const normalReason = 'Q.850;cause=16;text="Normal call clearing"';

/** Where each side is, and where its requests are carried to. */
export const ownAddress = { caller: "192.0.2.1", callee: "192.0.2.7" } as const;
export const otherAddress = { caller: "192.0.2.7", callee: "192.0.2.1" } as const;

/** By the interface `public`, or by that private line of it. */
export function place(connection?: string, parts: Partial<EgressPlace> = {}): EgressPlace {
  return {
    path: { interfaceName: "public", connection },
    media: { mediaInterface: "public", source: "address", trustedNetworks: [] },
    fallback: undefined,
    ...parts,
  };
}

/** Candidate `index` is at 192.0.2.(7 + index). */
export function candidate(index: number, parts: Partial<EgressCandidate> = {}): EgressCandidate {
  const host = `192.0.2.${7 + index}`;
  return {
    sid: `SC${index}`,
    carrierSid: undefined,
    url: `sip:${host};edge=test`,
    edge: "test",
    nextHop: `sip:${host}`,
    placeOf: placedAt(place()),
    credentials: undefined,
    firstResponseMs: 4000,
    progressMs: 20_000,
    ringMs: 180_000,
    failoverOverrides: {},
    downReason: undefined,
    insteadOf: undefined,
    invite: () => ({
      requestUri: `sip:+15550002@${host}`,
      from: "<sip:+15550001@tandem.test>",
      to: `<sip:+15550002@${host}>`,
      headerFields: new HeaderFields().append("X-Tandem-CallSid", "CA1"),
    }),
    redirect: () => reasons.redirectFailed,
    ...parts,
  };
}

export interface CallScriptOptions {
  readonly invite?: RequestParts;
  readonly plan?: Partial<CallPlan>;
  /** `done` of each journal entry waits in `journals`. */
  readonly hasSlowJournal?: boolean;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly random?: () => number;
  /** What the program does with a REFER. */
  readonly onRefer?: (
    script: CallScript,
    legs: JoinedLegs,
    refer: SipRequest,
    transaction: ServerTransaction,
    side: Side,
  ) => void;
  /** The call's media go through `sdpRelay`. */
  readonly isNegotiated?: boolean;
}

/** A call between a caller at 192.0.2.1 and callees at 192.0.2.7 and up, both played by the test. */
export class CallScript {
  readonly script: AgentScript;
  readonly clock: AgentScript["clock"];
  readonly wire: AgentScript["wire"];
  readonly agent: AgentScript["agent"];
  readonly relay: RelayDouble;
  readonly sdpRelay: SdpRelayDouble;
  readonly ports: CallPorts;
  readonly heard: string[] = [];
  readonly signals: AttemptSignal[] = [];
  readonly journals: (() => void)[] = [];
  readonly #options: CallScriptOptions;
  #call: Call | undefined;
  /** Our To tag towards the caller, of the last response that had one. */
  ingressTag = "";
  /** The INVITE that the callee answered. */
  egressInvite: SipRequest | undefined;

  constructor(options: CallScriptOptions = {}) {
    this.#options = options;
    const addresses = options.addresses;
    this.script = agentScript(addresses === undefined ? {} : { addresses });
    this.clock = this.script.clock;
    this.wire = this.script.wire;
    this.agent = this.script.agent;
    this.relay = new RelayDouble({
      clock: this.clock,
      interfaces: [{ name: "public", localAddress: "127.0.0.1", advertisedAddress: mediaAddress }],
    });
    this.sdpRelay = new SdpRelayDouble({ clock: this.clock, addresses: { public: mediaAddress } });
    this.ports = {
      agent: this.agent,
      relay: this.relay,
      sdpRelay: this.sdpRelay,
      clock: this.clock,
      random: options.random ?? (() => 0.5),
      onAttemptSignal: (signal) => this.signals.push(signal),
    };
    this.agent.setCore({
      onInvite: (invite) => this.#place(invite),
      onOutOfDialogRequest: () => assert.fail("no request outside the call"),
    });
  }

  get call(): Call {
    assert.ok(this.#call !== undefined);
    return this.#call;
  }

  /** The caller's INVITE comes, and the call starts. */
  start(): this {
    const body = this.#options.invite?.body ?? callerOffer;
    const headerFields = [
      ...(body === "" ? [] : [["Content-Type", "application/sdp"] as const]),
      ...(this.#options.invite?.headerFields ?? []),
    ];
    this.wire.inject(request("INVITE", { ...this.#options.invite, body, headerFields }));
    return this;
  }

  /** The next message is the INVITE to the candidate of this index. */
  expectInvite(index = 0): string {
    const { text, target } = this.wire.expectSent("INVITE");
    assert.equal(target?.address, `192.0.2.${7 + index}`);
    this.egressInvite = parsedRequest(text);
    return text;
  }

  /** The callee responds; with a body it is SDP. */
  callee(invite: string, statusCode: number, parts: ResponseParts = {}): void {
    const type = parts.body === undefined ? [] : [["Content-Type", "application/sdp"] as const];
    const headerFields = [...type, ...(parts.headerFields ?? [])];
    const contact = statusCode >= 180 && statusCode < 300 ? "<sip:bob@192.0.2.7:5060>" : "";
    this.wire.inject(responseTo(invite, statusCode, { contact, ...parts, headerFields }));
  }

  /** The next message is this response. One for the caller tells our To tag. */
  expectResponse(statusCode: number): ReturnType<typeof parsedResponse> {
    const response = parsedResponse(this.wire.expect(statusCode));
    const isForCaller = response.callId === this.call.facts.ingressSipCallId;
    if (isForCaller && response.toTag !== "") this.ingressTag = response.toTag;
    return response;
  }

  fromCaller(method: string, sequenceNumber: number, parts: RequestParts = {}): void {
    const branch = `z9hG4bK-caller-${method}-${sequenceNumber}`;
    const shared = { toTag: this.ingressTag, sequenceNumber, branch };
    this.wire.inject(request(method, { ...shared, ...withType(parts) }));
  }

  fromCallee(method: string, sequenceNumber: number, parts: RequestParts = {}): void {
    const invite = this.egressInvite;
    assert.ok(invite !== undefined);
    const shared = {
      callId: invite.callId,
      from: "<sip:+15550002@192.0.2.7>",
      fromTag: "bob-tag",
      to: "<sip:+15550001@tandem.test>",
      toTag: invite.fromTag,
      sentBy: "192.0.2.7:5060",
      contact: method === "INVITE" || method === "UPDATE" ? "<sip:bob@192.0.2.7:5060>" : "",
      branch: `z9hG4bK-callee-${method}-${sequenceNumber}`,
      sequenceNumber,
    };
    this.wire.inject(
      request(method, { ...shared, ...withType(parts) }),
      flow("UDP", { remoteAddress: "192.0.2.7" }),
    );
  }

  from(side: "caller" | "callee", method: string, sequenceNumber: number, parts: RequestParts = {}): void {
    if (side === "caller") this.fromCaller(method, sequenceNumber, parts);
    else this.fromCallee(method, sequenceNumber, parts);
  }

  /** The caller hangs up, and nothing is left of the call. */
  hangUp(): void {
    this.fromCaller("BYE", 90);
    this.wire.expect(200);
    this.wire.expect("BYE");
    this.expectReleased();
  }

  /** A plain call up to the caller's ACK. */
  answered(): this {
    this.start();
    const invite = this.expectInvite();
    this.callee(invite, 200, { body: calleeAnswer });
    this.wire.expect("ACK");
    this.expectResponse(200);
    this.fromCaller("ACK", 1);
    this.wire.expectNothing();
    return this;
  }

  /** The journal entry that waits longest is written. */
  journalWritten(): void {
    const done = this.journals.shift();
    assert.ok(done !== undefined, "no journal entry waits");
    done();
  }

  /** The call has been released once, and nothing of it is left. */
  expectReleased(): void {
    assert.equal(this.heard.filter((one) => one === "released").length, 1);
    assert.equal(this.call.state, "released");
    assert.equal(this.relay.counts().open, 0);
    assert.equal(this.sdpRelay.openSessions, 0);
    expectNothingLeft(this.script);
  }

  #place(invite: InviteUas): void {
    const plan: CallPlan = {
      exchangeCallId: "CA1",
      direction: "origination",
      candidates: [candidate(0), candidate(1)],
      skipped: [],
      ingressMedia: {
        mediaInterface: "public",
        source: "address",
        signalingAddress: "192.0.2.1",
        trustedNetworks: [],
      },
      maxForwards: 69,
      maximumDurationMs: 14_400_000,
      mediaInactivityMs: 300_000,
      callSidHeaderField: "X-Tandem-CallSid",
      ...(this.#options.isNegotiated === true ? { negotiation: { key: "CA1", why: "a test" } } : {}),
      ...this.#options.plan,
    };
    this.#call = new Call(this.ports, plan, invite, {
      onRinging: () => this.heard.push("ringing"),
      onJournal: (_call, done) => {
        this.heard.push("journal");
        if (this.#options.hasSlowJournal === true) this.journals.push(done);
        else done();
      },
      onAttemptFailed: (call) => this.heard.push(`failed ${call.facts.attempts.at(-1)?.url}`),
      onCandidateSkipped: (call) => this.heard.push(`skipped ${call.facts.attempts.at(-1)?.url}`),
      onRefer: (call, refer, transaction, side) => {
        this.heard.push(`refer ${side}`);
        if (call.legs !== undefined) this.#options.onRefer?.(this, call.legs, refer, transaction, side);
      },
      onReleased: () => this.heard.push("released"),
    });
    this.#call.start();
  }
}

export function callScript(options: CallScriptOptions = {}): CallScript {
  return new CallScript(options);
}

function withType(parts: RequestParts): RequestParts {
  if (parts.body === undefined || parts.body === "") return parts;
  const has = parts.headerFields?.some(([name]) => name === "Content-Type") === true;
  if (has) return parts;
  return { ...parts, headerFields: [["Content-Type", "application/sdp"], ...(parts.headerFields ?? [])] };
}
