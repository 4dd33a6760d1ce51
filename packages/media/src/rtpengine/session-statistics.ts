import type { SessionStatistics, SideStatistics } from "../sdp-relay.ts";
import { type BencodeValue, isDictionary, isList } from "./bencode.ts";
import type { NgDictionary } from "./ng-client.ts";

/**
 * What rtpengine's reply to `query` or `delete` says of each tag: RTP of all its streams. Loss and jitter of a source are
 * what RTCP said of it, kept by SSRC; a number that is missing counts as 0.
 */
export function sessionStatistics(reply: NgDictionary): SessionStatistics {
  const statistics = new Map<string, SideStatistics>();
  const sources = dictionaryOf(reply.get("SSRC"));
  for (const [tag, entry] of dictionaryOf(reply.get("tags"))) {
    statistics.set(tag, sideStatistics(dictionaryOf(entry), sources));
  }
  return statistics;
}

function sideStatistics(tag: NgDictionary, sources: NgDictionary): SideStatistics {
  let packets = 0;
  let bytes = 0;
  let lost = 0;
  let jitterMs = 0;
  const seen = new Set<number>();
  for (const stream of rtpStreams(tag)) {
    const counted = dictionaryOf(stream.get("stats"));
    packets += numberOf(counted.get("packets"));
    bytes += numberOf(counted.get("bytes"));
    const ssrc = stream.get("SSRC");
    if (typeof ssrc !== "number" || seen.has(ssrc)) continue;
    seen.add(ssrc);
    const source = dictionaryOf(sources.get(String(ssrc)));
    lost += Math.max(0, numberOf(source.get("cumulative loss")));
    jitterMs = Math.max(jitterMs, numberOf(dictionaryOf(source.get("average MOS")).get("jitter")));
  }
  return { packets, bytes, lost, jitterMs };
}

/** RTCP has a stream of its own, unless it shares the port of RTP. */
function rtpStreams(tag: NgDictionary): NgDictionary[] {
  const streams: NgDictionary[] = [];
  for (const media of listOf(tag.get("medias"))) {
    for (const entry of listOf(dictionaryOf(media).get("streams"))) {
      const stream = dictionaryOf(entry);
      if (listOf(stream.get("flags")).includes("RTP")) streams.push(stream);
    }
  }
  return streams;
}

function dictionaryOf(value: BencodeValue | undefined): NgDictionary {
  return isDictionary(value) ? value : nothing;
}

function listOf(value: BencodeValue | undefined): readonly BencodeValue[] {
  return value !== undefined && isList(value) ? value : [];
}

function numberOf(value: BencodeValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

const nothing: NgDictionary = new Map();
