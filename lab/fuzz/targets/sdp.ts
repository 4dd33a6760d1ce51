import {
  anchorSdp,
  clockRateOf,
  eventTypesOf,
  isForeign,
  isHeld,
  parseSdp,
  rejectAll,
  remoteOf,
  withRejected,
} from "@tandem/sdp";
import type { FuzzTarget } from "../fuzz-target.ts";
import { sdpSeeds } from "../seeds.ts";

const ours = { address: "198.51.100.1", sessionId: "7", sessionVersion: 1 } as const;

export const sdp: FuzzTarget = {
  name: "sdp",
  sources: ["packages/sdp/src/"],
  seeds: sdpSeeds,
  dictionary: [
    "\r\n",
    "\n",
    "v=0\r\n",
    "o=- 1 1 IN IP4 192.0.2.1\r\n",
    "s=-\r\n",
    "t=0 0\r\n",
    "c=IN IP4 0.0.0.0\r\n",
    "c=IN IP6 ::1\r\n",
    "m=audio 4000 RTP/AVP 0 8 101\r\n",
    "m=image 4000 udptl t38\r\n",
    "m=audio 0 RTP/AVP 0\r\n",
    "m=audio 4000/2 RTP/SAVP 0\r\n",
    "a=sendonly\r\n",
    "a=inactive\r\n",
    "a=rtcp:53020 IN IP4 192.0.2.2\r\n",
    "a=rtcp-mux\r\n",
    "a=candidate:",
    "a=rtpmap:96 opus/48000/2\r\n",
    "IP4",
    "IP6",
    "RTP/SAVPF",
    "/127",
    "udptl",
  ],
  maximumBytes: 4096,
  run(input) {
    const parsed = parseSdp(input);
    if (!parsed.ok) return;
    const { value } = parsed;
    for (const media of value.media) {
      isHeld(media);
      remoteOf(media);
      clockRateOf(media);
      eventTypesOf(media);
    }
    const ports = value.media.map((_, index) => ({ rtp: 20_000 + 2 * index, rtcp: 20_001 + 2 * index }));
    const anchored = anchorSdp(value, { ...ours, ports });
    const again = parseSdp(anchored);
    if (!again.ok) throw new Error(`what was anchored can't be read: ${again.error.text}`);
    if (again.value.media.length !== value.media.length)
      throw new Error("another number of media descriptions");
    if (anchorSdp(again.value, { ...ours, ports }) !== anchored)
      throw new Error("anchoring twice is not anchoring once");
    const rejected = parseSdp(rejectAll(value, ours));
    if (!rejected.ok || rejected.value.media.some((media) => !media.isRejected))
      throw new Error("not rejected");
    const reachable = withRejected(value, (media) => isForeign(media, ours.address));
    if (reachable.media.some((media) => isForeign(media, ours.address)))
      throw new Error("still out of reach");
  },
};
