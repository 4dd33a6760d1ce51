import type { AttemptFacts, CallFacts } from "@tandem/b2bua";
import type { Reason } from "@tandem/reasons";
import { Histogram, type HistogramCell, type Sample } from "@tandem/telemetry";
import type { CallIdentity } from "../calls/call-record.ts";
import type { QualityFacts } from "../quality/call-quality.ts";

/** Carriers that have series of their own; the attempts of all others are counted under `other`. */
export const maximumCountedCarriers = 100;

const directions = ["termination", "origination"] as const;
/** By the first digit of the status code. */
const statusClasses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx", "6xx"] as const;
const attemptResults = ["answered", "failed", "skipped", "abandoned"] as const;
const engines = ["relay", "rtpengine"] as const;
const mediaCounts = ["packets", "bytes", "lost", "foreign"] as const;

const delayBounds = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60];
const durationBounds = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400];
/** Below 3.6 many users are dissatisfied (ITU-T G.107 annex B). */
const scoreBounds = [1.5, 2, 2.6, 3.1, 3.6, 4, 4.2, 4.4];

/**
 * What became of the calls of this gateway since it began. One call costs some additions: what is counted under is made
 * at the first call that needs it, and there are no more of those than reasons in the catalogue.
 */
export class CallTally {
  readonly postDialDelay: Histogram = new Histogram(delayBounds, ["direction"]);
  readonly duration: Histogram = new Histogram(durationBounds, ["direction"]);
  readonly score: Histogram = new Histogram(scoreBounds, ["side"]);
  readonly #delays: readonly HistogramCell[] = directions.map((direction) =>
    this.postDialDelay.with({ direction }),
  );
  readonly #durations: readonly HistogramCell[] = directions.map((direction) =>
    this.duration.with({ direction }),
  );
  readonly #callerScores = this.score.with({ side: "caller" });
  readonly #calleeScores = this.score.with({ side: "callee" });
  /** Of each reason, by direction and status class. */
  readonly #calls = new Map<Reason | undefined, Float64Array>();
  readonly #attempts = new Map<Reason | undefined, Float64Array>();
  /** Undefined: carriers are not told apart. */
  readonly #carriers: Map<string, Float64Array> | undefined;
  readonly #media = new Float64Array(engines.length * mediaCounts.length);

  constructor(options: { readonly perCarrier?: boolean | undefined } = {}) {
    this.#carriers = options.perCarrier === true ? new Map() : undefined;
  }

  /** A call is over, or was refused. What was placed for a sister is the sister's call; its media are ours. */
  ended({ direction, leg }: CallIdentity, facts: CallFacts, quality: QualityFacts | undefined): void {
    this.#countMedia(facts);
    if (leg !== undefined) return;
    const at = direction === "termination" ? 0 : 1;
    const statusClass = facts.statusCode === undefined ? 0 : Math.floor(facts.statusCode / 100);
    add(this.#calls, facts.reason, at * statusClasses.length + statusClass, callSlots);
    for (const attempt of facts.attempts) this.#countAttempt(attempt);
    this.#observe(at, facts, quality);
  }

  #observe(at: number, facts: CallFacts, quality: QualityFacts | undefined): void {
    const { answeredAtMs, releasedAtMs, postDialDelayMs } = facts;
    if (postDialDelayMs !== undefined) this.#delays[at]?.observe(postDialDelayMs / 1000);
    if (answeredAtMs === undefined || releasedAtMs === undefined) return;
    this.#durations[at]?.observe(Math.max(0, releasedAtMs - answeredAtMs) / 1000);
    const { fromIngress, fromEgress } = quality ?? {};
    if (typeof fromIngress?.mosMean === "number") this.#callerScores.observe(fromIngress.mosMean);
    if (typeof fromEgress?.mosMean === "number") this.#calleeScores.observe(fromEgress.mosMean);
  }

  calls(sample: Sample): void {
    for (const [reason, counts] of this.#calls) {
      counts.forEach((count, slot) => {
        if (count === 0) return;
        const direction = directions[Math.floor(slot / statusClasses.length)] ?? "";
        sample(count, direction, statusClasses[slot % statusClasses.length] ?? "", ...reasonLabels(reason));
      });
    }
  }

  attempts(sample: Sample): void {
    for (const [reason, counts] of this.#attempts) {
      counts.forEach((count, slot) => {
        if (count > 0) sample(count, attemptResults[slot] ?? "", ...reasonLabels(reason));
      });
    }
  }

  carrierAttempts(sample: Sample): void {
    for (const [carrierSid, counts] of this.#carriers ?? []) {
      counts.forEach((count, slot) => sample(count, carrierSid, attemptResults[slot] ?? ""));
    }
  }

  /** Which of the counts, by engine. rtpengine tells of nothing foreign. */
  media(what: (typeof mediaCounts)[number], sample: Sample): void {
    engines.forEach((engine, index) => {
      sample(this.#media[index * mediaCounts.length + mediaCounts.indexOf(what)] ?? 0, engine);
    });
  }

  #countAttempt({ result, reason, carrierSid }: AttemptFacts): void {
    const slot = attemptResults.indexOf(result);
    add(this.#attempts, reason, slot, attemptResults.length);
    if (this.#carriers === undefined || carrierSid === undefined) return;
    const isKept = this.#carriers.has(carrierSid) || this.#carriers.size < maximumCountedCarriers;
    add(this.#carriers, isKept ? carrierSid : "other", slot, attemptResults.length);
  }

  #countMedia({ mediaEngine, fromIngress, fromEgress }: CallFacts): void {
    if (mediaEngine === undefined) return;
    const first = engines.indexOf(mediaEngine.name) * mediaCounts.length;
    addMedia(this.#media, first, fromIngress);
    addMedia(this.#media, first, fromEgress);
  }
}

const callSlots = directions.length * statusClasses.length;

function add<K>(table: Map<K, Float64Array>, key: K, slot: number, slots: number): void {
  let counts = table.get(key);
  if (counts === undefined) {
    counts = new Float64Array(slots);
    table.set(key, counts);
  }
  counts[slot] = (counts[slot] ?? 0) + 1;
}

function addMedia(
  counts: Float64Array,
  first: number,
  { packets, bytes, lost, foreignPackets }: CallFacts["fromIngress"],
): void {
  counts[first] = (counts[first] ?? 0) + packets;
  counts[first + 1] = (counts[first + 1] ?? 0) + bytes;
  counts[first + 2] = (counts[first + 2] ?? 0) + lost;
  counts[first + 3] = (counts[first + 3] ?? 0) + (foreignPackets ?? 0);
}

function reasonLabels(reason: Reason | undefined): [name: string, code: string] {
  return reason === undefined ? ["none", "0"] : [reason.name, String(reason.code)];
}
