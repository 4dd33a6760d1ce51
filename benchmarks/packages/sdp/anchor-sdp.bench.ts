/** Time to parse and anchor an ordinary offer; four of these happen in a call (offer and answer, both ways). */
import { anchorSdp, parseSdp } from "../../../packages/sdp/src/index.ts";

const offer = [
  "v=0",
  "o=root 1891166302 1891166302 IN IP4 172.18.16.21",
  "s=Media Gateway",
  "c=IN IP4 168.86.140.3",
  "t=0 0",
  "m=audio 15962 RTP/AVP 0 8 101",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-16",
  "a=ptime:20",
  "a=maxptime:20",
  "a=sendrecv",
  "",
].join("\r\n");

const rounds = 200_000;
const options = {
  address: "203.0.113.5",
  sessionId: "77",
  sessionVersion: 1,
  ports: [{ rtp: 10000, rtcp: 10001 }],
};

function run(count: number): number {
  let bytes = 0;
  for (let i = 0; i < count; i += 1) {
    const result = parseSdp(offer);
    if (result.ok) bytes += anchorSdp(result.value, options).length;
  }
  return bytes;
}

run(20_000);
const started = performance.now();
const bytes = run(rounds);
const elapsedMs = performance.now() - started;
console.log(
  `sdp parse + anchor: ${((elapsedMs * 1000) / rounds).toFixed(2)} µs each (${bytes} bytes written)`,
);
