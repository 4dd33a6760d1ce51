/** Calls that are up while something dies, and their records afterwards. */
import assert from "node:assert/strict";
import { waitFor } from "../harness/wait.ts";
import { audio } from "./sipp/bodies.ts";
import { Callee } from "./sipp/callee.ts";
import type { Peer } from "./sipp/peer.ts";
import { maybe, pause, receiveRequest, receiveResponse, type Step } from "./sipp/script.ts";
import type { Stage } from "./stage.ts";

const callee = new Callee();

/** So many calls at once, held for `holdMs`, released by the caller or by the callee. */
export interface HeldCalls {
  readonly number: string;
  readonly customer: Peer;
  readonly carrier: Peer;
}

/** Places them; the gateway may die while they are held. */
export async function hold(
  stage: Stage,
  wishes: {
    readonly calls: number;
    readonly holdMs: number;
    readonly releasedBy: "caller" | "callee";
    readonly changes?: boolean;
  },
): Promise<HeldCalls> {
  const { calls, holdMs, releasedBy, changes } = wishes;
  const number = stage.number();
  const lines = stage.customerLines(number);
  const isCallers = releasedBy === "caller";
  const change: readonly Step[] =
    changes === true
      ? [lines.reinvite(2, audio({ version: 2 })), maybe(100), receiveResponse(200), lines.ack(2)]
      : [];
  const answer: readonly Step[] =
    changes === true
      ? [receiveRequest("INVITE"), callee.ok(audio({ version: 2 })), receiveRequest("ACK")]
      : [];
  const carrier = stage.carrier(
    [
      ...callee.establish(),
      ...answer,
      ...(isCallers ? callee.hungUp() : [pause(holdMs), ...callee.hangUp()]),
    ],
    { calls },
  );
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer(
    [
      ...lines.establish(),
      pause(isCallers || changes === true ? holdMs : 0),
      ...change,
      ...(isCallers ? lines.hangUp(3) : [receiveRequest("BYE"), lines.ok()]),
    ],
    { calls, ratePerSecond: 20 },
  );
  return { number, customer, carrier };
}

/** Each call once, by the SIP Call-IDs that the customer used. */
export async function assertRecords(
  stage: Stage,
  held: HeldCalls,
  calls: number,
  isAdopted: boolean,
  releasedBy: string,
): Promise<void> {
  const records = await stage.records(held.number, calls);
  const placed = new Set(
    held.customer.trace.filter(({ direction }) => direction === "sent").map(({ message }) => message.callId),
  );
  assert.deepEqual(new Set(records.map((record) => record.ingressSipCallId)), placed);
  for (const record of records) {
    assert.equal(record.status, "completed");
    assert.equal(record.releasedBy, releasedBy);
    assert.equal(record.adopted, isAdopted);
    assert.deepEqual(record.attempts, ["answered 200"]);
  }
}

/** Waits until so many calls are up and journalled. */
export async function callsUp(stage: Stage, calls: number): Promise<void> {
  await waitFor(`${calls} calls and their journal`, async () => {
    const counts = await stage.counts();
    return counts.calls === calls && counts.journal === calls;
  });
}

/** A carrier that is known before control or its database dies, and a way to call it afterwards. */
export async function prepared(stage: Stage): Promise<() => Promise<HeldCalls>> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  return async () => ({
    number,
    carrier,
    customer: stage.customer([...lines.establish(), pause(300), ...lines.hangUp()]),
  });
}
