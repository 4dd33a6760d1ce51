/** Calls that went over a sister gateway or a private line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRecord, LegRecord } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { storeEntries } from "../src/records/store-entries.ts";
import { attemptRecord, callRecord, legRecord } from "./call-record-samples.ts";
import { type ExchangeHarness, exchangeHarness, type TestAccount } from "./exchange-harness.ts";

function storeCall(harness: ExchangeHarness, record: CallRecord) {
  return storeEntries(harness.database, "gw-1", [{ sequence: 1, kind: "call-record", record } as never]);
}

function storeLeg(harness: ExchangeHarness, leg: LegRecord, gateway = "gw-2") {
  return storeEntries(harness.database, gateway, [{ sequence: 1, kind: "leg-record", leg } as never]);
}

async function detailsOf(harness: ExchangeHarness, account: TestAccount, sid: string) {
  const url = `/2010-04-01/Accounts/${account.sid}/Calls`;
  const fetched = (await harness.request(account, "GET", `${url}/${sid}.json`)).body;
  const listed = (await harness.request(account, "GET", `${url}.json`)).body["calls"] as object[];
  assert.deepEqual(
    listed.find((call) => (call as { sid: string }).sid === sid),
    fetched,
  );
  return fetched["tandem"] as { legs: Record<string, unknown>[]; attempts: Record<string, unknown>[] };
}

const notMeasured = {
  codec: null,
  mos_mean: null,
  mos_minimum: null,
  round_trip_ms: null,
  reported_lost: null,
  reported_jitter_ms: null,
};

describeOnBothEngines("legs of calls", (open) => {
  for (const order of ["call first", "leg first"] as const) {
    test(`a leg is shown with its call, ${order}`, async () => {
      const harness = await exchangeHarness(await open());
      const customer = await harness.createAccount();
      const record = callRecord({ accountSid: customer.sid });
      const leg = legRecord({
        callSid: record.sid,
        connection: createSid("TX"),
        setupAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
        answeredAtMs: Date.UTC(2026, 0, 2, 3, 4, 6),
        releasedAtMs: Date.UTC(2026, 0, 2, 3, 4, 9),
        statusCode: 486,
        q850Cause: 17,
        reason: { code: 32_011, text: "why" },
        adopted: true,
        media: {
          fromIngress: { packets: 1, bytes: 2, lost: 3, jitterMs: 4.5, foreignPackets: 12 },
          fromEgress: { packets: 5, bytes: 6, lost: 7, jitterMs: 8.5, events: 0 },
        },
      });
      const steps = [() => storeCall(harness, record), () => storeLeg(harness, leg)];
      for (const step of order === "call first" ? steps : steps.toReversed()) {
        assert.deepEqual(await step(), { stored: 1, quarantined: 0 });
      }
      // Delivered once more.
      await storeLeg(harness, { ...leg, statusCode: 200 });
      const { legs } = await detailsOf(harness, customer, record.sid);
      assert.deepEqual(legs, [
        {
          attempt_index: 1,
          gateway: "gw-2",
          edge: "london-ix",
          entry_gateway: "gw-1",
          candidate_sid: leg.candidateSid,
          connection_sid: leg.connection,
          egress_sip_call_id: "leg@192.0.2.2",
          start_time: "Fri, 02 Jan 2026 03:04:05 +0000",
          answer_time: "Fri, 02 Jan 2026 03:04:06 +0000",
          end_time: "Fri, 02 Jan 2026 03:04:09 +0000",
          status_code: 486,
          q850_cause: 17,
          reason_code: 32_011,
          reason_text: "why",
          adopted: true,
          media: {
            engine: null,
            engine_reason: null,
            engine_instance: null,
            from_ingress: {
              packets: 1,
              bytes: 2,
              lost: 3,
              jitter_ms: 4.5,
              telephone_events: null,
              foreign_packets: 12,
              ...notMeasured,
            },
            from_egress: {
              packets: 5,
              bytes: 6,
              lost: 7,
              jitter_ms: 8.5,
              telephone_events: 0,
              foreign_packets: null,
              ...notMeasured,
            },
            one_way_audio: null,
            one_way_audio_since_ms: null,
          },
        },
      ]);
    });
  }

  test("legs stand in the order of their attempts; the sender's name is the authenticated one", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const record = callRecord({ accountSid: customer.sid });
    await storeCall(harness, record);
    const leg = (attemptIndex: number) =>
      legRecord({ callSid: record.sid, attemptIndex, answeredAtMs: null });
    await storeLeg(harness, leg(2), "gw-3");
    await storeLeg(harness, leg(0), "gw-2");
    await storeLeg(harness, legRecord());
    const { legs } = await detailsOf(harness, customer, record.sid);
    assert.deepEqual(
      legs.map((shown) => [shown["attempt_index"], shown["gateway"], shown["answer_time"]]),
      [
        [0, "gw-2", null],
        [2, "gw-3", null],
      ],
    );
  });

  test("a leg that the database refuses goes into quarantine alone", async () => {
    const harness = await exchangeHarness(await open());
    const entries = [legRecord({ callSid: "CA1" }), legRecord()].map((leg, sequence) => ({
      sequence,
      kind: "leg-record" as const,
      leg,
    }));
    assert.deepEqual(await storeEntries(harness.database, "gw-2", entries), { stored: 1, quarantined: 1 });
    const columns = await harness.database.query(
      `select attempt_index, gateway, edge, connection_sid, status_code, q850_cause, reason_code,
         extract(epoch from setup_at)::int as setup, extract(epoch from answered_at)::int as answered,
         extract(epoch from released_at)::int as released from call_legs`,
    );
    assert.deepEqual(columns, [
      {
        attempt_index: 1,
        gateway: "gw-2",
        edge: "london-ix",
        connection_sid: null,
        status_code: 200,
        q850_cause: 16,
        reason_code: null,
        setup: 1,
        answered: 2,
        released: 3,
      },
    ]);
  });

  test("attempts name their line and the gateway that placed them; calls are found by their line", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const [ingress, egress, unused] = [createSid("TX"), createSid("TX"), createSid("TX")];
    const came = callRecord({ accountSid: customer.sid, ingressConnection: ingress });
    const left = callRecord({
      accountSid: customer.sid,
      attempts: [
        attemptRecord({ connection: null }),
        attemptRecord({ index: 1, connection: egress, viaGateway: "gw-2", result: "answered" }),
      ],
    });
    const neither = callRecord({ accountSid: customer.sid });
    for (const record of [came, left, neither]) await storeCall(harness, record);
    const { attempts } = await detailsOf(harness, customer, left.sid);
    assert.deepEqual(
      attempts.map((attempt) => [attempt["connection_sid"], attempt["via_gateway"]]),
      [
        [null, null],
        [egress, "gw-2"],
      ],
    );
    const details = (await detailsOf(harness, customer, came.sid)) as unknown as Record<string, unknown>;
    assert.equal(details["ingress_connection_sid"], ingress);
    const found = async (sid: string) => {
      const url = `/2010-04-01/Accounts/${customer.sid}/Calls.json?ConnectionSid=${sid}`;
      const { body } = await harness.request(customer, "GET", url);
      return (body["calls"] as { sid: string }[]).map((call) => call.sid);
    };
    harness.gateways.asked.length = 0;
    assert.deepEqual(await found(ingress), [came.sid]);
    assert.deepEqual(await found(egress), [left.sid]);
    assert.deepEqual(await found(unused), []);
    assert.deepEqual(harness.gateways.asked, [], "no gateway knows the line of a call in progress");
  });
});
