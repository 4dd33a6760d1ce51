import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { receiverReport, senderReport } from "../testing/rtcp-packets.ts";
import { maximumCompoundPackets, readRtcpReports } from "./rtcp-reports.ts";

const description = Buffer.from([0x81, 202, 0, 2, 0, 0, 0, 7, 1, 1, 0x61, 0]);
const goodbye = Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 7]);

function errorOf(data: Uint8Array): string | undefined {
  const read = readRtcpReports(data);
  return read.ok ? undefined : read.error;
}

function readOf(data: Buffer, bytes: number) {
  const read = readRtcpReports(data.subarray(0, bytes));
  return read.ok ? read.reports : assert.fail(read.error);
}

describe("RTCP reports", () => {
  it("reads a sender report with its blocks", () => {
    const data = senderReport(7, 0xdeadbeef, [
      { ssrc: 9, fraction: 64, lost: 12, jitterUnits: 160, lastSenderReport: 0xcafe0001, delayMs: 250 },
      { ssrc: 10, fraction: 255, lost: -3 },
    ]);
    assert.deepEqual(readRtcpReports(data), {
      ok: true,
      reports: [
        {
          ssrc: 7,
          ntpMiddle: 0xdeadbeef,
          blocks: [
            {
              ssrc: 9,
              lostRatio: 0.25,
              lost: 12,
              jitterUnits: 160,
              lastSenderReport: 0xcafe0001,
              delayMs: 250,
            },
            { ssrc: 10, lostRatio: 255 / 256, lost: -3, jitterUnits: 0, lastSenderReport: 0, delayMs: 0 },
          ],
        },
      ],
    });
  });

  it("takes the middle 32 bits of the NTP time: of the 64, those from the 16th on", () => {
    const data = senderReport(7, 0);
    data.set([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88], 8);
    const read = readRtcpReports(data);
    assert.equal(read.ok && read.reports[0]?.ntpMiddle, 0x33445566);
  });

  it("reads the reports of a compound, and passes over what is between them", () => {
    const data = Buffer.concat([receiverReport(7, [{ lost: 1 }]), description, senderReport(8, 3), goodbye]);
    const read = readRtcpReports(data);
    assert.ok(read.ok);
    assert.deepEqual(
      read.reports.map(({ ssrc, ntpMiddle, blocks }) => [ssrc, ntpMiddle, blocks.length]),
      [
        [7, undefined, 1],
        [8, 3, 0],
      ],
    );
  });

  it("reads 31 blocks, and takes an extension of a profile behind them", () => {
    const blocks = Array.from({ length: 31 }, (_, lost) => ({ lost }));
    const plain = receiverReport(7, blocks);
    const extended = Buffer.concat([plain, Buffer.alloc(8)]);
    extended.writeUInt16BE(extended.length / 4 - 1, 2);
    for (const data of [plain, extended]) {
      const read = readRtcpReports(data);
      assert.equal(read.ok && read.reports[0]?.blocks[30]?.lost, 30);
    }
  });

  it("reads of a part of a buffer", () => {
    const whole = Buffer.concat([Buffer.alloc(5, 0xff), receiverReport(7, [{ lost: 4 }])]);
    const read = readRtcpReports(whole.subarray(5));
    assert.equal(read.ok && read.reports[0]?.blocks[0]?.lost, 4);
  });

  it("reads of the beginning of a packet what is whole in it", () => {
    const whole = Buffer.concat([senderReport(8, 3, [{ lost: 2 }]), description, receiverReport(9, [{}])]);
    const counts = [51, 52, 53, 63, 64, 66, 95, 96].map((bytes) => {
      const read = readRtcpReports(whole.subarray(0, bytes), whole.length);
      return read.ok ? read.reports.length : read.error;
    });
    assert.equal(whole.length, 96);
    assert.deepEqual(counts, [0, 1, 1, 1, 1, 1, 1, 2]);
    assert.equal(readRtcpReports(whole, whole.length + 3).ok, false);
    assert.deepEqual(readRtcpReports(whole.subarray(0, 52), 60), { ok: true, reports: readOf(whole, 52) });
  });

  it("says what is wrong with a packet", () => {
    const report = receiverReport(7, [{}]);
    const many = Buffer.concat(Array.from({ length: maximumCompoundPackets }, () => goodbye));
    const overstated = Buffer.from(report);
    overstated[0] = 0x82;
    const shortSender = Buffer.from([0x80, 200, 0, 5, ...Buffer.alloc(20)]);
    const table: readonly (readonly [Uint8Array, string | undefined])[] = [
      [new Uint8Array(), "no-header"],
      [report.subarray(0, 3), "no-header"],
      [Buffer.from([0x40, 201, 0, 1, 0, 0, 0, 1]), "no-header"],
      [Buffer.concat([report, Buffer.from([0x80, 201])]), "no-header"],
      [report.subarray(0, report.length - 1), "too-short"],
      [Buffer.from([0x80, 201, 0xff, 0xff, 0, 0, 0, 1]), "too-short"],
      [overstated, "blocks-do-not-fit"],
      [Buffer.from([0x80, 201, 0, 0]), "blocks-do-not-fit"],
      [shortSender, "blocks-do-not-fit"],
      [many, undefined],
      [Buffer.concat([many, goodbye]), "too-many-packets"],
    ];
    for (const [data, error] of table) assert.equal(errorOf(data), error, Buffer.from(data).toString("hex"));
  });

  it("throws for no bytes whatever", () => {
    const start = fc.constantFrom([0x80, 200], [0x81, 201], [0x9f, 200], []);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
        const read = readRtcpReports(Uint8Array.from([...head, ...rest]));
        assert.equal(typeof read.ok, "boolean");
      }),
    );
  });
});
