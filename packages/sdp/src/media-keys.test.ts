import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type MediaKeys, mediaKeys } from "./media-keys.ts";
import { ownOrigin } from "./own-origin.ts";
import { parseSdp } from "./parse-sdp.ts";
import type { SessionDescription } from "./session-description.ts";

const usable = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"A".repeat(40)}`;
const other = `a=crypto:2 AEAD_AES_256_GCM inline:${"A".repeat(59)}`;
const fingerprint = "a=fingerprint:sha-256 AA:BB";
const head = ["v=0", "o=joe 7 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0"];

function parsed(lines: readonly string[]): SessionDescription {
  const result = parseSdp([...head, ...lines, ""].join("\r\n"));
  if (!result.ok) assert.fail(result.error.text);
  return result.value;
}

function keysOf(...lines: string[]): MediaKeys {
  return mediaKeys(parsed(lines));
}

describe("mediaKeys", () => {
  for (const [what, lines, protections] of [
    ["plain RTP", ["m=audio 4000 RTP/AVP 0"], ["none"]],
    ["keys beside RTP/AVP", ["m=audio 4000 RTP/AVP 0", usable, fingerprint], ["none"]],
    ["SDES", ["m=audio 4000 RTP/SAVP 0", other, usable], ["sdes"]],
    ["SDES with feedback, in small letters", ["m=audio 4000 rtp/savpf 0", usable], ["sdes"]],
    ["no key", ["m=audio 4000 RTP/SAVP 0"], ["keyless"]],
    ["only keys that are not taken", ["m=audio 4000 RTP/SAVP 0", other], ["keyless"]],
    ["DTLS", ["m=audio 4000 UDP/TLS/RTP/SAVPF 0", fingerprint], ["dtls"]],
    ["DTLS without a fingerprint", ["m=audio 4000 UDP/TLS/RTP/SAVP 0", usable], ["keyless"]],
    ["DTLS as it was written once", ["m=audio 4000 RTP/SAVPF 0", fingerprint], ["dtls"]],
    ["a fingerprint of the session", [fingerprint, "m=audio 4000 UDP/TLS/RTP/SAVP 0"], ["dtls"]],
    ["a key of the session is none", [usable, "m=audio 4000 RTP/SAVP 0"], ["keyless"]],
    [
      "each for itself",
      ["m=audio 4000 RTP/SAVP 0", "m=video 4002 RTP/SAVP 96", usable, "m=image 0 udptl t38"],
      ["keyless", "sdes", "rejected"],
    ],
  ] as const) {
    test(what, () => assert.deepEqual(keysOf(...lines).protections, protections));
  }

  test("lines with keys that are not taken go, all others stay byte for byte", () => {
    const lines = ["m=audio 4000 RTP/SAVP 0", other, usable, "a=sendrecv", "m=video 0 RTP/SAVP 96", other];
    const kept = [...head, ...lines.filter((line) => line !== other), ""].join("\r\n");
    assert.equal(keysOf(...lines).text, kept);
    const untouched = parsed(["m=audio 4000 RTP/SAVP 0", usable]);
    assert.equal(mediaKeys(untouched).text, untouched.text);
  });
});

describe("ownOrigin", () => {
  const origin = { sessionId: "42", sessionVersion: 3 };

  test("writes the o= line with the address of the first live media", () => {
    const description = parsed(["m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/AVP 0", "c=IN IP6 2001:db8::1"]);
    const written = description.text.replace("o=joe 7 1 IN IP4 192.0.2.9", "o=- 42 3 IN IP6 2001:db8::1");
    assert.equal(ownOrigin(description, origin), written);
  });

  test("or of the session, or none", () => {
    assert.match(ownOrigin(parsed(["m=audio 0 RTP/AVP 0"]), origin), /^o=- 42 3 IN IP4 192\.0\.2\.9\r$/m);
    const bare = parseSdp("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n");
    assert.match(bare.ok ? ownOrigin(bare.value, origin) : "", /^o=- 42 3 IN IP4 0\.0\.0\.0\r$/m);
  });
});
