import assert from "node:assert/strict";
import { test } from "node:test";
import type { AudioQuality, AudioSample, CallRecord } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { storeEntries } from "../src/records/store-entries.ts";
import { callRecord } from "./call-record-samples.ts";
import { type ExchangeHarness, exchangeHarness, type TestAccount } from "./exchange-harness.ts";

const answeredAtMs = Date.UTC(2026, 0, 2, 3, 4, 5);

function sample(startMs: number, fields: Partial<AudioSample> = {}): AudioSample {
  const measured = { packets: 500, lost: 0, jitterMs: 1.5, mos: 4.41, roundTripMs: null };
  return { startMs, periodMs: 10_000, ...measured, ...fields };
}

function direction(mosMean: number | null, samples: readonly AudioSample[] = []) {
  const quality: AudioQuality = {
    codec: "PCMU",
    mosMean,
    mosMinimum: mosMean,
    roundTripMs: null,
    reportedLost: null,
    reportedJitterMs: null,
    samples: [...samples],
  };
  return { packets: 1, bytes: 2, lost: 3, jitterMs: 4, quality };
}

async function storedCall(
  harness: ExchangeHarness,
  account: TestAccount,
  media: CallRecord["media"],
): Promise<CallRecord> {
  const record = callRecord({ accountSid: account.sid, answeredAtMs, media });
  const entries = [{ sequence: 1, kind: "call-record", record }];
  assert.deepEqual(await storeEntries(harness.database, "gw-1", entries), { stored: 1, quarantined: 0 });
  return record;
}

async function sidsOf(harness: ExchangeHarness, account: TestAccount, query: string): Promise<string[]> {
  const path = `/2010-04-01/Accounts/${account.sid}/Calls.json${query}`;
  const reply = await harness.request(account, "GET", path);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return (reply.body["calls"] as { sid: string }[]).map(({ sid }) => sid);
}

function samplesPath(account: TestAccount, sid: string, query = ""): string {
  return `/2010-04-01/Accounts/${account.sid}/Calls/${sid}/AudioSamples.json${query}`;
}

describeOnBothEngines("the quality of calls", (open) => {
  test("calls are found by the side that was not heard, and by a score that was lower", async () => {
    const harness = await exchangeHarness(await open());
    const account = await harness.createAccount();
    const silentSide = "callee";
    const oneWay = await storedCall(harness, account, {
      fromIngress: direction(4.41),
      fromEgress: direction(null),
      oneWayAudio: { silentSide, sinceMs: 0 },
    });
    const poor = await storedCall(harness, account, {
      fromIngress: direction(4.41),
      fromEgress: direction(3.59),
    });
    const { quality: _, ...untold } = direction(null);
    const old = await storedCall(harness, account, { fromIngress: untold, fromEgress: untold });
    assert.deepEqual(await sidsOf(harness, account, "?OneWayAudio=callee"), [oneWay.sid]);
    assert.deepEqual(await sidsOf(harness, account, "?OneWayAudio=caller"), []);
    assert.deepEqual(await sidsOf(harness, account, "?MosBelow=3.6"), [poor.sid]);
    assert.deepEqual(await sidsOf(harness, account, "?MosBelow=3.59"), []);
    assert.deepEqual(await sidsOf(harness, account, "?MosBelow=5"), [oneWay.sid, poor.sid]);
    assert.deepEqual(
      (await sidsOf(harness, account, "")).toSorted(),
      [oneWay.sid, poor.sid, old.sid].toSorted(),
    );
    const wrong = await harness.request(
      account,
      "GET",
      `/2010-04-01/Accounts/${account.sid}/Calls.json?OneWayAudio=both`,
    );
    assert.equal(wrong.status, 400);
  });

  test("calls are found by the side whose key presses came; records of before have no counts and are found by none", async () => {
    const harness = await exchangeHarness(await open());
    const account = await harness.createAccount();
    const counted = (events: number | null) => ({ packets: 1, bytes: 2, lost: 0, jitterMs: 0, events });
    const { events: _, ...untold } = counted(0);
    const call = (fromIngress: CallRecord["media"]["fromIngress"], fromEgress = fromIngress) =>
      storedCall(harness, account, { fromIngress, fromEgress });
    const ofCaller = await call(counted(4), counted(0));
    const ofCallee = await call(counted(0), counted(1));
    const ofBoth = await call(counted(1));
    const notCounted = await call(counted(null));
    const old = await call(untold);
    const from = (side: string) => sidsOf(harness, account, `?TelephoneEventsFrom=${side}`);
    assert.deepEqual(await from("caller"), [ofCaller.sid, ofBoth.sid]);
    assert.deepEqual(await from("callee"), [ofCallee.sid, ofBoth.sid]);
    const all = await sidsOf(harness, account, "");
    assert.deepEqual(
      all.toSorted(),
      [ofCaller, ofCallee, ofBoth, notCounted, old].map(({ sid }) => sid).toSorted(),
    );
    const path = `/2010-04-01/Accounts/${account.sid}/Calls`;
    const shown = await harness.request(account, "GET", `${path}/${ofCaller.sid}.json`);
    const { media } = shown.body["tandem"] as { media: Record<string, { telephone_events: number }> };
    assert.deepEqual(
      [media["from_ingress"]?.telephone_events, media["from_egress"]?.telephone_events],
      [4, 0],
    );
    const wrong = await harness.request(account, "GET", `${path}.json?TelephoneEventsFrom=both`);
    assert.equal(wrong.status, 400);
  });

  test("a call's samples, of both sides by time, page by page", async () => {
    const harness = await exchangeHarness(await open());
    const account = await harness.createAccount();
    const { sid } = await storedCall(harness, account, {
      fromIngress: direction(4, [sample(0), sample(10_000, { lost: 7, mos: null, roundTripMs: 33.3 })]),
      fromEgress: direction(4, [sample(200)]),
    });
    const all = (await harness.request(account, "GET", samplesPath(account, sid))).body;
    const rows = all["audio_samples"] as Record<string, unknown>[];
    assert.deepEqual(
      rows.map((row) => [row["from"], row["start_ms"]]),
      [
        ["ingress", 0],
        ["egress", 200],
        ["ingress", 10_000],
      ],
    );
    assert.deepEqual(rows[2], {
      call_sid: sid,
      from: "ingress",
      start_time: "Fri, 02 Jan 2026 03:04:15 +0000",
      start_ms: 10_000,
      period_ms: 10_000,
      packets: 500,
      lost: 7,
      jitter_ms: 1.5,
      mos: null,
      round_trip_ms: 33.3,
    });
    assert.equal(all["next_page_uri"], null);
    const first = (await harness.request(account, "GET", samplesPath(account, sid, "?PageSize=2"))).body;
    assert.equal(first["previous_page_uri"], null);
    const next = (await harness.request(account, "GET", String(first["next_page_uri"]))).body;
    assert.deepEqual(next["audio_samples"], rows.slice(2));
    assert.equal(next["next_page_uri"], null);
    const back = (await harness.request(account, "GET", String(next["previous_page_uri"]))).body;
    assert.deepEqual(back["audio_samples"], rows.slice(0, 2));
  });

  test("no samples of a call that nobody has measured, or of another account's", async () => {
    const harness = await exchangeHarness(await open());
    const [account, other] = [await harness.createAccount(), await harness.createAccount()];
    const { sid } = await storedCall(harness, account, callRecord().media);
    const reply = await harness.request(account, "GET", samplesPath(account, sid));
    assert.deepEqual([reply.status, reply.body["audio_samples"]], [200, []]);
    assert.equal((await harness.request(other, "GET", samplesPath(other, sid))).status, 404);
    assert.equal((await harness.request(account, "GET", samplesPath(account, createSid("CA")))).status, 404);
  });
});
