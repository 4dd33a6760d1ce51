import assert from "node:assert/strict";
import { RelayDouble } from "@tandem/media/testing";
import { type AgentScript, agentScript, type ResponseParts, responseTo } from "@tandem/sip/testing";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { AttemptOutcome } from "../attempt-outcome.ts";
import type { AttemptSignal, EgressCandidate } from "../call-plan.ts";
import { EgressAttempt } from "../egress-attempt.ts";
import type { Direction } from "../failover-policy.ts";
import { candidate } from "./call-script.ts";

export interface AttemptScript extends AgentScript {
  readonly attempt: EgressAttempt;
  readonly heard: string[];
  readonly outcomes: AttemptOutcome[];
  readonly signals: AttemptSignal[];
  readonly usages: InviteUsage[];
  readonly user: { hasAlerted: boolean };
}

export interface AttemptScriptOptions {
  readonly candidate?: Partial<EgressCandidate>;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly direction?: Direction;
  readonly random?: () => number;
  readonly body?: string;
}

export function attemptScript(options: AttemptScriptOptions = {}): AttemptScript {
  const script = agentScript(options.addresses === undefined ? {} : { addresses: options.addresses });
  const heard: string[] = [];
  const outcomes: AttemptOutcome[] = [];
  const signals: AttemptSignal[] = [];
  const usages: InviteUsage[] = [];
  const user = {
    hasAlerted: false,
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
    body: options.body ?? "v=0\r\n",
    contentType: "application/sdp",
    user,
    usageUser: { onRequest: () => {}, onAck: () => {}, onNoAck: () => {} },
  });
  return { ...script, attempt, heard, outcomes, signals, usages, user };
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
