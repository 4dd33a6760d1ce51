import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRecord, LiveCall } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { storeEntries } from "../src/records/store-entries.ts";
import { callRecord } from "./call-record-samples.ts";
import { type ExchangeHarness, exchangeHarness, type TestAccount } from "./exchange-harness.ts";
import { sdkClient } from "./sdk-client.ts";

function liveCall(account: TestAccount, fields: Partial<LiveCall> = {}): LiveCall {
  return {
    sid: createSid("CA"),
    direction: "termination",
    accountSid: account.sid,
    trunkSid: createSid("TK"),
    callingNumber: "+14155550100",
    calledNumber: "+442079460000",
    status: "ringing",
    setupAtMs: Date.UTC(2026, 0, 2),
    answeredAtMs: null,
    ...fields,
  };
}

async function store(harness: ExchangeHarness, ...records: CallRecord[]): Promise<void> {
  await storeEntries(
    harness.database,
    "gw-1",
    records.map((record, sequence) => ({ sequence, kind: "call-record", record })),
  );
}

function path(account: TestAccount, rest = ".json"): string {
  return `/2010-04-01/Accounts/${account.sid}/Calls${rest}`;
}

async function sidsOf(harness: ExchangeHarness, account: TestAccount, query = ""): Promise<string[]> {
  const reply = await harness.request(account, "GET", path(account, `.json${query}`));
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return (reply.body["calls"] as { sid: string }[]).map(({ sid }) => sid);
}

describeOnBothEngines("calls", (open) => {
  test("a finished call as its account and as the operator see it", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const record = callRecord({
      accountSid: customer.sid,
      setupAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      answeredAtMs: Date.UTC(2026, 0, 2, 3, 4, 7),
      releasedAtMs: Date.UTC(2026, 0, 2, 3, 5, 7),
      adopted: true,
      namedEdge: "london-ix",
      media: {
        fromIngress: {
          packets: 1,
          bytes: 2,
          lost: 3,
          jitterMs: 4.5,
          events: 9,
          foreignPackets: 11,
          quality: {
            codec: "PCMU",
            mosMean: 3.9,
            mosMinimum: 2.5,
            roundTripMs: 40.5,
            reportedLost: 6,
            reportedJitterMs: 7.5,
            samples: [],
          },
        },
        fromEgress: { packets: 5, bytes: 6, lost: 7, jitterMs: 8.5, events: null },
        engine: { name: "rtpengine", why: "the trunk is secure", instance: "192.0.2.5:2223" },
        oneWayAudio: { silentSide: "callee", sinceMs: 1500 },
      },
      reason: { code: 32011, text: "why" },
      phoneNumberSid: createSid("PN"),
    });
    await store(harness, record);
    const shown = (await harness.request(customer, "GET", path(customer, `/${record.sid}.json`))).body;
    const { date_created, date_updated, tandem, ...rest } = shown;
    assert.equal(date_created, date_updated);
    assert.deepEqual(rest, {
      sid: record.sid,
      account_sid: customer.sid,
      parent_call_sid: null,
      phone_number_sid: record.phoneNumberSid,
      trunk_sid: record.trunkSid,
      to: "+442079460000",
      to_formatted: "+442079460000",
      from: "+14155550100",
      from_formatted: "+14155550100",
      status: "completed",
      start_time: "Fri, 02 Jan 2026 03:04:05 +0000",
      end_time: "Fri, 02 Jan 2026 03:05:07 +0000",
      duration: "60",
      direction: "trunking-terminating",
      price: null,
      price_unit: null,
      answered_by: null,
      api_version: "2010-04-01",
      forwarded_from: null,
      group_sid: null,
      caller_name: null,
      queue_time: "0",
      uri: `/2010-04-01/Accounts/${customer.sid}/Calls/${record.sid}.json`,
      subresource_uris: {
        audio_samples: `/2010-04-01/Accounts/${customer.sid}/Calls/${record.sid}/AudioSamples.json`,
      },
    });
    const { attempts, ...details } = tandem as { attempts: { url: string | null; result: string }[] };
    assert.deepEqual(details, {
      gateway: "gw-1",
      edge: "ashburn",
      status_code: 200,
      q850_cause: 16,
      reason_code: 32011,
      reason_text: "why",
      released_by: "caller",
      post_dial_delay_ms: 200,
      ingress_connection_sid: null,
      ingress_sip_call_id: record.ingressSipCallId,
      egress_sip_call_id: "egress@192.0.2.1",
      named_edge: "london-ix",
      stir_verstat: "TN-Validation-Passed-B",
      stir_attestation: "B",
      adopted: true,
      media: {
        engine: "rtpengine",
        engine_reason: "the trunk is secure",
        engine_instance: "192.0.2.5:2223",
        from_ingress: {
          packets: 1,
          bytes: 2,
          lost: 3,
          jitter_ms: 4.5,
          telephone_events: 9,
          foreign_packets: 11,
          codec: "PCMU",
          mos_mean: 3.9,
          mos_minimum: 2.5,
          round_trip_ms: 40.5,
          reported_lost: 6,
          reported_jitter_ms: 7.5,
        },
        from_egress: {
          packets: 5,
          bytes: 6,
          lost: 7,
          jitter_ms: 8.5,
          telephone_events: null,
          foreign_packets: null,
          codec: null,
          mos_mean: null,
          mos_minimum: null,
          round_trip_ms: null,
          reported_lost: null,
          reported_jitter_ms: null,
        },
        one_way_audio: "callee",
        one_way_audio_since_ms: 1500,
      },
      legs: [],
    });
    assert.deepEqual(
      attempts.map(({ url, result }) => [url, result]),
      [
        [null, "failed"],
        [null, "answered"],
      ],
      "carriers are hidden",
    );
    const asOperator = (await harness.request(harness.operator, "GET", path(customer, `/${record.sid}.json`)))
      .body;
    assert.equal((asOperator["tandem"] as { attempts: { url: string }[] }).attempts[0]?.url, "sip:192.0.2.7");
  });

  test("origination shows the customer its own URLs; a call without answer has no duration", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const base = callRecord({
      accountSid: customer.sid,
      direction: "origination",
      answeredAtMs: null,
      status: "busy",
      carrierSid: null,
    });
    const record = {
      ...base,
      attempts: base.attempts.map((attempt) => ({ ...attempt, carrierSid: null, url: "sip:pbx.test" })),
    };
    await store(harness, record);
    const { body } = await harness.request(customer, "GET", path(customer, `/${record.sid}.json`));
    assert.equal(body["direction"], "trunking-originating");
    assert.equal(body["duration"], null);
    assert.equal(body["status"], "busy");
    assert.equal((body["tandem"] as { attempts: { url: string }[] }).attempts[1]?.url, "sip:pbx.test");
  });

  test("each filter of the list, on finished calls", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const day = 86_400_000;
    const start = Date.UTC(2026, 0, 2);
    const first = callRecord({
      accountSid: customer.sid,
      setupAtMs: start,
      releasedAtMs: start + day,
      callingNumber: "+1",
      calledNumber: "+2",
      ingressSipCallId: "Abc'\\x@h",
    });
    const second = callRecord({
      accountSid: customer.sid,
      setupAtMs: start + day,
      releasedAtMs: start + 3 * day,
      callingNumber: "+3",
      calledNumber: "+44",
      status: "busy",
    });
    await store(harness, first, second, callRecord());
    const cases: [query: string, expected: CallRecord[]][] = [
      ["", [first, second]],
      ["?From=%2B1", [first]],
      ["?From=%2B", []],
      ["?To=%2B44", [second]],
      ["?To=%2B4", []],
      ["?Status=busy", [second]],
      ["?Status=completed", [first]],
      ["?Status=ringing", []],
      [`?TrunkSid=${first.trunkSid}`, [first]],
      [`?ParentCallSid=${first.sid}`, []],
      ["?StartTime=2026-01-02", [first]],
      ["?StartTime%3C=2026-01-02", [first]],
      ["?StartTime%3E=2026-01-03", [second]],
      ["?StartTime%3E=2026-01-02", [first, second]],
      ["?StartTime%3C=2026-01-01", []],
      ["?StartTime%3C=9999-12-31", [first, second]],
      ["?StartTime%3E=9999-12-31T23:59:59-14:00", []],
      ["?StartTime%3E=0000-01-01", [first, second]],
      ["?EndTime=2026-01-03", [first]],
      ["?EndTime%3E=2026-01-04", [second]],
      ["?EndTime%3C=2026-01-04", [first]],
      [`?Search=${first.sid}`, [first]],
      [`?Search=${first.sid.slice(0, 12).toUpperCase()}`, [first]],
      [`?Search=${encodeURIComponent("aBC'\\")}`, [first]],
      ["?Search=%2B4", [second]],
      ["?Search=egress%40", [first, second]],
      [`?Search=${encodeURIComponent("a & !b | ':*")}`, []],
      [`?Search=${first.trunkSid}`, [first]],
    ];
    for (const [query, expected] of cases) {
      assert.deepEqual(
        await sidsOf(harness, customer, query),
        expected.map((record) => record.sid),
        query,
      );
    }
    for (const query of ["?Status=over", "?TrunkSid=TK1", "?StartTime=yesterday", "?Search="]) {
      const reply = await harness.request(customer, "GET", path(customer, `.json${query}`));
      assert.deepEqual([reply.status, reply.body["code"]], [400, 20001], query);
    }
  });

  test("each filter of the list, on calls in progress", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const ringing = liveCall(customer, { callingNumber: "+1", calledNumber: "+2" });
    const talking = liveCall(customer, {
      callingNumber: "+3",
      calledNumber: "+44",
      status: "in-progress",
      setupAtMs: Date.UTC(2026, 0, 3),
      answeredAtMs: 1,
    });
    const queued = liveCall(customer, {
      status: "queued",
      callingNumber: "+5",
      calledNumber: "+6",
      setupAtMs: Date.UTC(2026, 0, 5),
    });
    harness.gateways.calls = [ringing, talking, queued, liveCall(harness.operator)];
    const cases: [query: string, expected: LiveCall[]][] = [
      ["", [ringing, talking, queued]],
      ["?From=%2B1", [ringing]],
      ["?To=%2B44", [talking]],
      ["?Status=ringing", [ringing]],
      ["?Status=in-progress", [talking]],
      ["?Status=queued", [queued]],
      ["?Status=completed", []],
      [`?TrunkSid=${talking.trunkSid}`, [talking]],
      [`?ParentCallSid=${talking.sid}`, []],
      ["?StartTime=2026-01-02", [ringing]],
      ["?StartTime%3E=2026-01-03", [talking, queued]],
      ["?StartTime%3E=2026-01-05", [queued]],
      ["?StartTime%3C=2026-01-04", [ringing, talking]],
      ["?StartTime%3C=2026-01-02", [ringing]],
      ["?EndTime%3E=2026-01-01", []],
      [`?Search=${talking.sid.slice(0, 10).toUpperCase()}`, [talking]],
      ["?Search=%2B4", [talking]],
      [`?Search=${ringing.trunkSid}`, [ringing]],
      ["?Search=x", []],
      ...["OneWayAudio=caller", "TelephoneEventsFrom=caller", "MosBelow=5"].map(
        (filter) => [`?${filter}`, []] as [string, LiveCall[]],
      ),
    ];
    for (const [query, expected] of cases) {
      assert.deepEqual(
        await sidsOf(harness, customer, query),
        expected.map((call) => call.sid),
        query,
      );
    }
    const { body } = await harness.request(customer, "GET", path(customer, `/${talking.sid}.json`));
    assert.equal(body["status"], "in-progress");
    assert.equal(body["start_time"], "Sat, 03 Jan 2026 00:00:00 +0000");
    assert.equal(body["end_time"], null);
    assert.equal(body["duration"], null);
    assert.equal(body["tandem"], null);
  });

  test("gateways are not asked for statuses that no call in progress has", async () => {
    const harness = await exchangeHarness(await open());
    await sidsOf(harness, harness.operator, "?Status=failed");
    assert.deepEqual(harness.gateways.asked, []);
  });

  test("pages run over finished calls into those in progress and back; a call that has just ended is there once", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const records = Array.from({ length: 3 }, () => callRecord({ accountSid: customer.sid }));
    await store(harness, ...records);
    // Two in one millisecond, and one whose record has come already.
    harness.gateways.calls = [
      liveCall(customer, { setupAtMs: 1_767_312_000_000 }),
      liveCall(customer, { setupAtMs: 1_767_312_000_000 }),
      liveCall(customer, { sid: records[1]?.sid ?? "" }),
      liveCall(customer, { setupAtMs: 1_767_312_000_001 }),
    ];
    const live = harness.gateways.calls.filter((call) => call.sid !== records[1]?.sid);
    const all = [...records, ...live].map(({ sid }) => sid);
    for (const size of [1, 2, 3, 4, 5, 6, 7]) {
      let next: unknown = path(customer, `.json?PageSize=${size}`);
      const forward: string[][] = [];
      let last: Record<string, unknown> = {};
      while (typeof next === "string") {
        last = (await harness.request(customer, "GET", next)).body;
        forward.push((last["calls"] as { sid: string }[]).map(({ sid }) => sid));
        next = last["next_page_uri"];
      }
      assert.deepEqual(forward.flat(), all, `forward by ${size}`);
      assert.equal(
        forward.every((page) => page.length > 0),
        true,
        `no empty page by ${size}`,
      );
      const backward = [forward.at(-1) ?? []];
      for (let previous = last["previous_page_uri"]; typeof previous === "string"; ) {
        const { body } = await harness.request(customer, "GET", previous);
        backward.unshift((body["calls"] as { sid: string }[]).map(({ sid }) => sid));
        previous = body["previous_page_uri"];
        assert.equal(typeof body["next_page_uri"], "string", "there is the page we came from");
      }
      assert.deepEqual(backward.flat(), all, `backward by ${size}`);
      assert.equal(
        backward.every((page) => page.length > 0),
        true,
        `no empty page back by ${size}`,
      );
    }
  });

  test("a call that ends while a client walks the pages hides none of those in progress", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const atMs = 1_767_312_000_000;
    const [first, second, third] = [0, 0, 1].map((later) => liveCall(customer, { setupAtMs: atMs + later }));
    harness.gateways.calls = [first, second, third] as LiveCall[];
    const { body } = await harness.request(customer, "GET", path(customer, ".json?PageSize=2"));
    assert.equal((body["calls"] as unknown[]).length, 2);
    const one = (await harness.request(customer, "GET", path(customer, ".json?PageSize=1"))).body;
    const two = (await harness.request(customer, "GET", String(one["next_page_uri"]))).body;
    assert.equal(one["previous_page_uri"], null);
    assert.equal(typeof two["previous_page_uri"], "string", "the one call before it, in progress too");
    harness.gateways.calls = [second, third] as LiveCall[];
    const next = await harness.request(customer, "GET", String(body["next_page_uri"]));
    assert.deepEqual(
      (next.body["calls"] as { sid: string }[]).map(({ sid }) => sid),
      [third?.sid],
    );
  });

  test("a call is ended through its gateway", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const talking = liveCall(customer, { status: "in-progress", answeredAtMs: 1 });
    const ringing = liveCall(customer);
    const over = callRecord({ accountSid: customer.sid });
    await store(harness, over);
    harness.gateways.calls = [talking, ringing];
    const end = (account: TestAccount, sid: string, status: string) =>
      harness.request(account, "POST", path(account, `/${sid}.json`), { Status: status });
    const hungUp = () => harness.gateways.asked.filter((question) => (question as string[])[0] === "hang-up");
    const stranger = await harness.createAccount();
    assert.equal((await end(stranger, talking.sid, "completed")).status, 404);
    assert.deepEqual([(await end(customer, talking.sid, "canceled")).body["code"]], [91006]);
    assert.deepEqual([(await end(customer, over.sid, "completed")).body["code"]], [91006]);
    assert.equal((await end(customer, createSid("CA"), "completed")).status, 404);
    assert.equal((await end(customer, talking.sid, "busy")).status, 400);
    assert.deepEqual(hungUp(), []);
    const ended = await end(customer, talking.sid, "completed");
    assert.deepEqual([ended.status, ended.body["status"]], [200, "completed"]);
    assert.equal((await end(customer, ringing.sid, "canceled")).body["status"], "canceled");
    assert.deepEqual(hungUp(), [
      ["hang-up", talking.sid],
      ["hang-up", ringing.sid],
    ]);
  });

  test("another account's calls are not there, finished or in progress", async () => {
    const harness = await exchangeHarness(await open());
    const [customer, stranger] = [await harness.createAccount(), await harness.createAccount()];
    const over = callRecord({ accountSid: customer.sid });
    const talking = liveCall(customer, { status: "in-progress", answeredAtMs: 1 });
    await store(harness, over);
    harness.gateways.calls = [talking];
    assert.deepEqual(await sidsOf(harness, stranger), []);
    for (const { sid } of [over, talking]) {
      const own = path(stranger, `/${sid}.json`);
      assert.equal((await harness.request(stranger, "GET", own)).status, 404);
      assert.equal((await harness.request(stranger, "POST", own, { Status: "completed" })).status, 404);
      assert.equal((await harness.request(stranger, "GET", path(customer, `/${sid}.json`))).status, 404);
      assert.equal((await harness.request(customer, "GET", path(customer, `/${sid}.json`))).status, 200);
    }
  });

  test("a call that its gateway no longer has cannot be ended", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const talking = liveCall(customer, { status: "in-progress", answeredAtMs: 1 });
    harness.gateways.calls = [talking];
    harness.gateways.hangUp = async () => false;
    const reply = await harness.request(customer, "POST", path(customer, `/${talking.sid}.json`), {
      Status: "completed",
    });
    assert.deepEqual([reply.status, reply.body["code"]], [400, 91006]);
  });

  test("a gateway that does not answer makes an unknown call a 503, not a 404", async () => {
    const harness = await exchangeHarness(await open());
    const account = harness.operator;
    const stored = callRecord({ accountSid: account.sid });
    await store(harness, stored);
    harness.gateways.missing = ["gw-2"];
    const reply = await harness.request(account, "GET", path(account, `/${createSid("CA")}.json`));
    assert.deepEqual([reply.status, reply.body["code"]], [503, 91005]);
    assert.match(String(reply.body["message"]), /No answer from gw-2\.$/);
    assert.equal((await harness.request(account, "GET", path(account, `/${stored.sid}.json`))).status, 200);
  });

  test("the unmodified SDK lists, fetches and ends calls", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const record = callRecord({ accountSid: customer.sid, setupAtMs: Date.UTC(2026, 0, 2, 12) });
    await store(harness, record);
    const talking = liveCall(customer, { status: "in-progress", answeredAtMs: 1 });
    harness.gateways.calls = [talking];
    const sdk = sdkClient(
      harness.application,
      { username: customer.sid, password: customer.token, accountSid: customer.sid },
      [],
    );
    assert.deepEqual(
      (await sdk.calls.list()).map((call) => call.sid),
      [record.sid, talking.sid],
    );
    const found = await sdk.calls.list({
      from: "+14155550100",
      startTimeAfter: new Date("2026-01-02T12:00:00Z"),
      startTimeBefore: new Date("2026-01-02T12:00:00Z"),
    });
    assert.deepEqual(
      found.map((call) => [call.sid, call.duration, call.startTime.getTime()]),
      [[record.sid, "1", Date.UTC(2026, 0, 2, 12)]],
    );
    assert.equal((await sdk.calls(record.sid).fetch()).trunkSid, record.trunkSid);
    assert.equal((await sdk.calls(talking.sid).update({ status: "completed" })).status, "completed");
    await assert.rejects(sdk.calls(record.sid).update({ status: "completed" }), { code: 91006, status: 400 });
  });
});
