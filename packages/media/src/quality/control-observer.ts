import { type ReportBlock, readRtcpReports } from "./rtcp-reports.ts";

/** What a side says over RTCP of the packets that reach it, and how far away it is. */
export interface ReportedReception {
  /** Network time from us to that side and back; undefined: it has not answered to a sender report yet. */
  readonly roundTripMs: number | undefined;
  /** Of the packets of the other side that were to reach it, from its beginning; never negative. */
  readonly lost: number;
  /** Of those since its report before, 0 to 1. */
  readonly lostRatio: number;
  readonly jitterMs: number;
}

/** RTCP packets of one side that are read in a second. More are relayed, and not read. */
export const maximumReadsPerSecond = 4;
/** Sender reports towards a side that its answers may refer to: it gets one every few seconds. */
export const rememberedSenderReports = 4;
/** A longer way back and forth is no measurement. */
export const maximumRoundTripMs = 30_000;

/**
 * Reads the RTCP that one side of a relayed stream sends. Both directions pass us: we know when a sender report went out
 * to a side, and when the receiver report that names it came back, so that the round trip to each side is known by our
 * clock alone (RFC 3550 §6.4.1, with us in the place of the sender).
 */
export class ControlObserver {
  /** Packets that were not read, there being too many. */
  unread = 0;
  malformed = 0;
  /** Middle 32 bits of NTP times and the monotonic times at which they passed, the oldest overwritten first. */
  readonly #passed: { ntpMiddle: number; atMs: number }[] = [];
  #nextPassed = 0;
  #secondBeganMs = Number.NEGATIVE_INFINITY;
  #readsInSecond = 0;
  #roundTripMs: number | undefined = undefined;
  #block: ReportBlock | undefined = undefined;

  /**
   * A packet of this side, which has been passed on.
   * @param other who observes the side that it went to
   * @param wholeBytes of the packet, when `data` is its beginning
   */
  receive(data: Uint8Array, nowMs: number, other: ControlObserver, wholeBytes: number = data.length): void {
    if (!this.#mayRead(nowMs)) {
      this.unread += 1;
      return;
    }
    const read = readRtcpReports(data, wholeBytes);
    if (!read.ok) {
      this.malformed += 1;
      return;
    }
    for (const { ntpMiddle, blocks } of read.reports) {
      if (ntpMiddle !== undefined) other.#notePassed(ntpMiddle, nowMs);
      for (const block of blocks) this.#measure(block, nowMs);
    }
    // There is one source to report on; whoever reports on more begins with the one that speaks.
    this.#block = read.reports.flatMap(({ blocks }) => blocks)[0] ?? this.#block;
  }

  /** @param clockRate Hz, of the stream that is reported on */
  reported(clockRate: number): ReportedReception | undefined {
    const block = this.#block;
    return (
      block && {
        roundTripMs: this.#roundTripMs,
        lost: Math.max(0, block.lost),
        lostRatio: block.lostRatio,
        jitterMs: (block.jitterUnits * 1000) / clockRate,
      }
    );
  }

  #mayRead(nowMs: number): boolean {
    if (nowMs - this.#secondBeganMs >= 1000) {
      this.#secondBeganMs = nowMs;
      this.#readsInSecond = 0;
    }
    this.#readsInSecond += 1;
    return this.#readsInSecond <= maximumReadsPerSecond;
  }

  #notePassed(ntpMiddle: number, atMs: number): void {
    this.#passed[this.#nextPassed] = { ntpMiddle, atMs };
    this.#nextPassed = (this.#nextPassed + 1) % rememberedSenderReports;
  }

  #measure(block: ReportBlock, nowMs: number): void {
    if (block.lastSenderReport === 0) return;
    const passed = this.#passed.find(({ ntpMiddle }) => ntpMiddle === block.lastSenderReport);
    if (passed === undefined) return;
    const roundTripMs = nowMs - passed.atMs - block.delayMs;
    // A clock that runs too fast at the far side can make it a little less than nothing.
    if (roundTripMs > -1000 && roundTripMs <= maximumRoundTripMs)
      this.#roundTripMs = Math.max(0, roundTripMs);
  }
}
