import { payloadTypeOf, sequenceNumberOf, ssrcOf, timestampOf } from "./rtp-packet.ts";

/** A jump ahead of this many packets or more is a new start, not a loss. RFC 3550 A.1, MAX_DROPOUT. */
const maximumDropout = 3000;
/** A packet this late or less is out of order; later ones are a new start. RFC 3550 A.1, MAX_MISORDER. */
const maximumMisorder = 100;
const sequenceModulus = 65_536;
/** A power of two above `maximumMisorder`. */
const seenSlots = 128;
const noEventTypes: readonly number[] = [];

/**
 * Loss, jitter and telephone events of one incoming RTP flow. Another SSRC, or a second packet in a row beyond a jump of sequence
 * numbers, starts the measurement anew; loss up to then is kept in the sum.
 */
export class ReceptionStatistics {
  /** Hz. */
  clockRate = 8000;
  /** Packets that came after one with a higher number. */
  reordered = 0;
  /** Packets that had come before. */
  duplicates = 0;
  /** Telephone events that began. */
  events = 0;
  private hasSource = false;
  private ssrc = 0;
  private baseSequence = 0;
  private maximumSequence = 0;
  private cycles = 0;
  /** Packets of the present source. */
  private receivedOfSource = 0;
  /** The number that, if it comes next, shows that the sender has jumped; -1 for none. */
  private badSequence = -1;
  private lostBefore = 0;
  /** By the lowest bits of a number: the last number with those bits that came; -1 for none. */
  private readonly seen: Int32Array = new Int32Array(seenSlots).fill(-1);
  private hasTransit = false;
  private previousArrivalMs = 0;
  private previousTimestamp = 0;
  /** In timestamp units. */
  private jitter = 0;
  /** Whether there is an event that the next one must be newer than: that of `eventSsrc` and `eventTimestamp`. */
  private hasEvent = false;
  private eventSsrc = 0;
  private eventTimestamp = 0;

  /** RFC 3550 A.3: expected less received. Duplicates can make it negative, which counts as none. */
  get lost(): number {
    return this.lostBefore + this.lostOfSource();
  }

  get jitterMs(): number {
    return (this.jitter * 1000) / this.clockRate;
  }

  /**
   * Takes note of one RTP packet, which must hold a whole header.
   * @param eventTypes payload types of telephone events
   */
  receive(rtp: Uint8Array, nowMs: number, eventTypes: readonly number[] = noEventTypes): void {
    const sequence = sequenceNumberOf(rtp);
    const ssrc = ssrcOf(rtp);
    if (!this.hasSource || ssrc !== this.ssrc) this.start(ssrc, sequence);
    if (!this.follow(sequence)) return;
    this.receivedOfSource += 1;
    const timestamp = timestampOf(rtp);
    this.measureJitter(timestamp, nowMs);
    if (eventTypes.length > 0 && eventTypes.includes(payloadTypeOf(rtp))) this.countEvent(ssrc, timestamp);
  }

  private start(ssrc: number, sequence: number): void {
    this.lostBefore += this.lostOfSource();
    this.hasSource = true;
    this.ssrc = ssrc;
    this.baseSequence = sequence;
    this.maximumSequence = sequence;
    this.cycles = 0;
    this.receivedOfSource = 0;
    this.badSequence = -1;
    this.seen.fill(-1);
    this.hasTransit = false;
    this.jitter = 0;
  }

  /** RFC 3550 A.1, update_seq without probation: we are a relay and have forwarded the packet anyway. */
  private follow(sequence: number): boolean {
    const ahead = (sequence - this.maximumSequence) & 0xffff;
    if (ahead < maximumDropout) {
      if (sequence < this.maximumSequence) this.cycles += sequenceModulus;
      this.maximumSequence = sequence;
      this.badSequence = -1;
      if (this.hasComeBefore(sequence)) this.duplicates += 1;
      return true;
    }
    if (ahead > sequenceModulus - maximumMisorder) {
      if (this.hasComeBefore(sequence)) this.duplicates += 1;
      else this.reordered += 1;
      return true;
    }
    if (sequence === this.badSequence) {
      this.start(this.ssrc, sequence);
      // The sender's timestamps may have jumped with its numbers.
      this.hasEvent = false;
      this.hasComeBefore(sequence);
      return true;
    }
    this.badSequence = (sequence + 1) & 0xffff;
    return false;
  }

  /** Asked once for each packet: it is remembered. */
  private hasComeBefore(sequence: number): boolean {
    const slot = sequence & (seenSlots - 1);
    if (this.seen[slot] === sequence) return true;
    this.seen[slot] = sequence;
    return false;
  }

  /** RFC 3550 A.8, in differences, so that neither clock's origin nor the timestamp's wrap matters. */
  private measureJitter(timestamp: number, nowMs: number): void {
    if (this.hasTransit) {
      // Packets of one telephone event share a timestamp (RFC 4733 §2.3.5): they say nothing about transit.
      if (timestamp === this.previousTimestamp) return;
      const arrival = ((nowMs - this.previousArrivalMs) * this.clockRate) / 1000;
      const sent = (timestamp - this.previousTimestamp) | 0;
      this.jitter += (Math.abs(arrival - sent) - this.jitter) / 16;
    }
    this.hasTransit = true;
    this.previousArrivalMs = nowMs;
    this.previousTimestamp = timestamp;
  }

  /**
   * All packets of an event, updates and the three that end it, have the timestamp of its beginning (RFC 4733 §2.5.1). The
   * SSRC of the last event is kept apart from that of the last packet: some send events as a source of their own amid the
   * speech.
   */
  private countEvent(ssrc: number, timestamp: number): void {
    const isKnown = this.hasEvent && ssrc === this.eventSsrc;
    if (isKnown && ((timestamp - this.eventTimestamp) | 0) <= 0) return;
    this.hasEvent = true;
    this.eventSsrc = ssrc;
    this.eventTimestamp = timestamp;
    this.events += 1;
  }

  private lostOfSource(): number {
    if (!this.hasSource) return 0;
    const expected = this.cycles + this.maximumSequence - this.baseSequence + 1;
    return Math.max(0, expected - this.receivedOfSource);
  }
}
