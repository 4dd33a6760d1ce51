import assert from "node:assert/strict";
import { RelayDouble } from "@tandem/media/testing";
import { type AgentScript, agentScript, type ResponseParts, responseTo } from "@tandem/sip/testing";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { AttemptOutcome } from "../attempt-outcome.ts";
import type { AttemptSignal, EgressCandidate, EgressPlace, Unplaced } from "../call-plan.ts";
import { EgressAttempt } from "../egress-attempt.ts";
import type { Direction } from "../failover-policy.ts";
import type { Anchored } from "../media-anchor.ts";
import { candidate } from "./call-script.ts";

export interface AttemptScript extends AgentScript {
  readonly attempt: EgressAttempt;
  readonly heard: string[];
  readonly outcomes: AttemptOutcome[];
  readonly signals: AttemptSignal[];
  readonly usages: InviteUsage[];
  /** Connection, or interface without one, of each place that it left by. */
  readonly places: string[];
  /** Media interface of each offer. */
  readonly offers: string[];
  readonly user: { hasAlerted: boolean };
}

export interface AttemptScriptOptions {
  readonly candidate?: Partial<EgressCandidate>;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly direction?: Direction;
  readonly random?: () => number;
  readonly body?: string;
  readonly isLastResort?: boolean;
  readonly offer?: (media: EgressPlace["media"]) => Anchored;
}

export function attemptScript(options: AttemptScriptOptions = {}): AttemptScript {
  const script = agentScript(options.addresses === undefined ? {} : { addresses: options.addresses });
  const heard: string[] = [];
  const outcomes: AttemptOutcome[] = [];
  const signals: AttemptSignal[] = [];
  const usages: InviteUsage[] = [];
  const places: string[] = [];
  const offers: string[] = [];
  const user = {
    hasAlerted: false,
    onPlaced: (placed: EgressAttempt) => {
      places.push(placed.path?.connection ?? placed.path?.interfaceName ?? "nowhere");
    },
    onUnplaced: (objection: Unplaced) => heard.push(`unplaced ${objection.text}`),
    onUnoffered: (failure: { text: string }) => heard.push(`unoffered ${failure.text}`),
    onProvisional: (response: { statusCode: number }) => heard.push(String(response.statusCode)),
    onAnswer: (_response: unknown, usage: InviteUsage) => {
      heard.push("answer");
      usages.push(usage);
    },
    onEnded: (outcome: AttemptOutcome) => {
      const { result } = outcome;
      const what = result.kind === "timeout" ? result.timer : result.kind;
      heard.push(`${outcome.verdict} ${outcome.response?.statusCode ?? what}`);
      outcomes.push(outcome);
    },
  };
  const attempt = new EgressAttempt({
    ports: {
      agent: script.agent,
      relay: new RelayDouble(),
      clock: script.clock,
      random: options.random ?? (() => 0),
      onAttemptSignal: (signal) => signals.push(signal),
    },
    candidate: candidate(0, options.candidate),
    index: 0,
    direction: options.direction ?? "origination",
    maxForwards: 69,
    maxBreadth: 60,
    supported: "100rel, timer, norefersub",
    sessionIntervalSeconds: 1800,
    isLastResort: options.isLastResort ?? false,
    offer: (media, done) => {
      offers.push(media.mediaInterface);
      done(options.offer?.(media) ?? { ok: true, text: options.body ?? "v=0\r\n" });
    },
    user,
    usageUser: { onRequest: () => {}, onAck: () => {}, onNoAck: () => {} },
  });
  return { ...script, attempt, heard, outcomes, signals, usages, places, offers, user };
}

export function started(options: AttemptScriptOptions = {}): AttemptScript & { invite: string } {
  const script = attemptScript(options);
  script.attempt.start();
  return { ...script, invite: script.wire.expect("INVITE") };
}

/** The next message is an INVITE to this address, INVITEs that only come again aside. */
export function expectInviteTo(script: AttemptScript, address: string): string {
  for (;;) {
    const { text, target } = script.wire.expectSent("INVITE");
    if (target?.address === address) return text;
  }
}

/** INVITEs on the wire that only come again are of no interest. */
export function skipRetransmissions(script: AttemptScript, invite: string): void {
  for (;;) {
    try {
      script.wire.expectNothing();
      return;
    } catch {
      assert.equal(script.wire.expect("INVITE"), invite);
    }
  }
}

export function final(
  script: AttemptScript,
  invite: string,
  statusCode: number,
  parts: ResponseParts = {},
): void {
  script.wire.inject(responseTo(invite, statusCode, parts));
  script.wire.expect("ACK");
}
