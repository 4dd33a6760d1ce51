import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AttemptFacts, CallFacts } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import type { Sample } from "@tandem/telemetry";
import type { CallIdentity } from "../calls/call-record.ts";
import { CallTally, maximumCountedCarriers } from "./call-tally.ts";

const nothing = { packets: 0, bytes: 0, lost: 0, jitterMs: 0, events: null, foreignPackets: null };

function identity(parts: Partial<CallIdentity> = {}): CallIdentity {
  return { direction: "termination", ...parts } as CallIdentity;
}

function facts(parts: Partial<CallFacts> = {}): CallFacts {
  const times = { answeredAtMs: undefined, releasedAtMs: 9_000, postDialDelayMs: undefined };
  return {
    attempts: [],
    fromIngress: nothing,
    fromEgress: nothing,
    ...times,
    ...parts,
  } as unknown as CallFacts;
}

function attempt(parts: Partial<AttemptFacts>): AttemptFacts {
  return { result: "failed", reason: undefined, carrierSid: undefined, ...parts } as AttemptFacts;
}

function told(read: (sample: Sample) => void): string[] {
  const series: string[] = [];
  read((value, ...labels) => series.push(`${labels.join(" ")}: ${value}`));
  return series;
}

describe("CallTally", () => {
  test("calls by direction, status class and reason", () => {
    const tally = new CallTally();
    const ended = { answeredAtMs: 1_000, statusCode: 200 };
    tally.ended(identity(), facts(ended), undefined);
    tally.ended(identity({ direction: "origination" }), facts(ended), undefined);
    const refused = { statusCode: 403, reason: reasons.sourceAddressNotInAccessControlList };
    for (let i = 0; i < 2; i += 1) tally.ended(identity(), facts(refused), undefined);
    tally.ended(identity(), facts({ statusCode: undefined, reason: reasons.gatewayRestarted }), undefined);
    const { name, code } = reasons.sourceAddressNotInAccessControlList;
    assert.deepEqual(
      told((sample) => tally.calls(sample)),
      [
        "termination 2xx none 0: 1",
        "origination 2xx none 0: 1",
        `termination 4xx ${name} ${code}: 2`,
        `termination none ${reasons.gatewayRestarted.name} ${reasons.gatewayRestarted.code}: 1`,
      ],
    );
    assert.equal(tally.duration.with({ direction: "termination" }).sum, 8);
  });

  test("attempts by result and reason", () => {
    const tally = new CallTally();
    const attempts = [
      attempt({ reason: reasons.connectionDown, result: "skipped" }),
      attempt({}),
      attempt({ result: "answered" }),
    ];
    tally.ended(identity(), facts({ attempts }), undefined);
    const { name, code } = reasons.connectionDown;
    assert.deepEqual(
      told((sample) => tally.attempts(sample)),
      [`skipped ${name} ${code}: 1`, "answered none 0: 1", "failed none 0: 1"],
    );
    assert.deepEqual(
      told((sample) => tally.carrierAttempts(sample)),
      [],
    );
  });

  test("carriers are told apart when that is wanted: 100 of them", () => {
    assert.equal(maximumCountedCarriers, 100);
    const tally = new CallTally({ perCarrier: true });
    const callBy = (carrierSid: string) =>
      tally.ended(identity(), facts({ attempts: [attempt({ carrierSid })] }), undefined);
    for (let i = 0; i < 100; i += 1) callBy(`CR${i}`);
    const failed = () =>
      told((sample) => tally.carrierAttempts(sample)).filter((row) => row.includes(" failed:"));
    assert.equal(failed().length, 100);
    callBy("CR100");
    callBy("CR101");
    callBy("CR0");
    assert.equal(failed()[0], "CR0 failed: 2");
    assert.deepEqual(failed().slice(100), ["other failed: 2"]);
  });

  test("a leg for a sister is the sister's call, but its media are ours", () => {
    const tally = new CallTally();
    const leg = { key: "k", attemptIndex: 0, entryGateway: "g", candidateSid: "CG1" };
    const mediaEngine = { name: "relay", why: "", instance: undefined } as const;
    const fromIngress = { ...nothing, packets: 5, bytes: 800, lost: 1 };
    const fromEgress = { ...fromIngress, packets: 7, foreignPackets: 3 };
    const parts = { statusCode: 200, mediaEngine, fromIngress, fromEgress };
    tally.ended(identity({ leg }), facts(parts), undefined);
    assert.deepEqual(
      told((sample) => tally.calls(sample)),
      [],
    );
    assert.deepEqual(
      told((sample) => tally.media("packets", sample)),
      ["relay: 12", "rtpengine: 0"],
    );
    assert.deepEqual(
      told((sample) => tally.media("bytes", sample)),
      ["relay: 1600", "rtpengine: 0"],
    );
    assert.deepEqual(
      told((sample) => tally.media("lost", sample)),
      ["relay: 2", "rtpengine: 0"],
    );
    assert.deepEqual(
      told((sample) => tally.media("foreign", sample)),
      ["relay: 3", "rtpengine: 0"],
    );
  });

  test("post-dial delay in seconds, and the score of each side that was heard", () => {
    const tally = new CallTally();
    const side = {
      codec: "PCMU",
      mosMinimum: 1,
      roundTripMs: null,
      reportedLost: null,
      reportedJitterMs: null,
      samples: [],
    };
    const quality = {
      fromIngress: { ...side, mosMean: 4.2 },
      fromEgress: { ...side, mosMean: null },
      oneWayAudio: null,
    };
    const parts = { answeredAtMs: 2_000, postDialDelayMs: 1_500, statusCode: 200 };
    tally.ended(identity({ direction: "origination" }), facts(parts), quality);
    const { count, sum } = tally.postDialDelay.with({ direction: "origination" });
    assert.deepEqual([count, sum], [1, 1.5]);
    assert.deepEqual(
      [tally.score.with({ side: "caller" }).sum, tally.score.with({ side: "callee" }).count],
      [4.2, 0],
    );
  });
});
