import type { MediaProtection, SdpOffer, SdpSide } from "../sdp-relay.ts";
import type { BencodeValue } from "./bencode.ts";
import type { NgDictionary } from "./ng-client.ts";
import type { RtpengineInterface } from "./rtpengine-node.ts";

/**
 * We offer AES_CM_128_HMAC_SHA1_80 only (RFC 4568 §6.2.1). This is what rtpengine would offer besides, weak ones among
 * them; a suite that it does not know does no harm here.
 */
const otherCryptoSuites = [
  "AEAD_AES_256_GCM",
  "AEAD_AES_128_GCM",
  "AES_256_CM_HMAC_SHA1_80",
  "AES_256_CM_HMAC_SHA1_32",
  "AES_192_CM_HMAC_SHA1_80",
  "AES_192_CM_HMAC_SHA1_32",
  "AES_CM_128_HMAC_SHA1_32",
  "F8_128_HMAC_SHA1_80",
  "F8_128_HMAC_SHA1_32",
  "NULL_HMAC_SHA1_80",
  "NULL_HMAC_SHA1_32",
];

const transportProtocols: Readonly<Record<MediaProtection, string>> = {
  none: "RTP/AVP",
  sdes: "RTP/SAVP",
  dtls: "UDP/TLS/RTP/SAVPF",
};

export interface PlacedOffer extends SdpOffer {
  readonly sessionId: string;
  readonly fromInterface: RtpengineInterface;
  readonly toInterface: RtpengineInterface;
  /** A session that exists: the other side has answered before. */
  readonly isLater: boolean;
}

/** The parameters of an `offer`. */
export function offerParameters(offer: PlacedOffer): NgDictionary {
  const { from, to, fromInterface, toInterface } = offer;
  return new Map<string, BencodeValue>([
    ["call-id", offer.sessionId],
    ["from-tag", from.tag],
    ...(offer.isLater ? ([["to-tag", to.tag]] as const) : []),
    ["sdp", offer.sdp],
    ["direction", [fromInterface.name, toInterface.name]],
    ["transport-protocol", transportProtocols[to.protection]],
    ["flags", sourceFlags(from)],
    ["replace", ["origin"]],
    ...keyParameters(to),
    ...iceParameters(to),
    ...codecParameters(offer),
    ...markParameters(to, from),
    // RTCP on the port of RTP is taken where it is offered, and offered where ICE or DTLS is.
    ["rtcp-mux", ["accept", to.ice === "none" && to.protection !== "dtls" ? "demux" : "offer"]],
  ]);
}

/** The parameters of an `answer`, which goes from `from` to the side that made the offer. */
export function answerParameters(answer: Omit<PlacedOffer, "isLater" | "transcoding">): NgDictionary {
  const { from, to } = answer;
  return new Map<string, BencodeValue>([
    ["call-id", answer.sessionId],
    ["from-tag", to.tag],
    ["to-tag", from.tag],
    ["sdp", answer.sdp],
    ["flags", sourceFlags(from)],
    ["replace", ["origin"]],
  ]);
}

/** `mask` takes a codec out of the offer and goes on speaking it with who made the offer; `strip` forgets it. */
function codecParameters({ transcoding }: SdpOffer): [string, BencodeValue][] {
  if (transcoding === undefined) return [];
  const { from, without, to } = transcoding;
  const strip: [string, BencodeValue][] = without.length === 0 ? [] : [["strip", without]];
  return [["codec", new Map<string, BencodeValue>([...strip, ["mask", from], ["transcode", to]])]];
}

/** rtpengine marks both sides of a call alike. */
function markParameters({ dscp }: SdpSide, other: SdpSide): [string, BencodeValue][] {
  const codePoint = dscp ?? other.dscp;
  return codePoint === undefined ? [] : [["TOS", codePoint << 2]];
}

function keyParameters({ protection }: SdpSide): [string, BencodeValue][] {
  switch (protection) {
    case "none":
      return [];
    case "sdes":
      return [
        ["DTLS", "off"],
        ["SDES", otherCryptoSuites.map((suite) => `no-${suite}`)],
      ];
    case "dtls":
      return [["SDES", ["off"]]];
  }
}

function iceParameters({ ice }: SdpSide): [string, BencodeValue][] {
  switch (ice) {
    case "none":
      return [["ICE", "remove"]];
    case "full":
      return [["ICE", "force"]];
    case "lite":
      return [
        ["ICE", "force"],
        ["ICE-lite", "forward"],
      ];
  }
}

/**
 * Whose packets are taken from the side that speaks. `strict`: its SDP address and port. Otherwise rtpengine learns the
 * source from the first packets (its `endpoint-learning`) and takes nothing from elsewhere after that.
 */
function sourceFlags({ source }: SdpSide): string[] {
  return source === "strict" ? ["asymmetric", "strict-source"] : ["strict-source"];
}
