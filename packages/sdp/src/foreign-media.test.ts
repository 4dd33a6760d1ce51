import assert from "node:assert/strict";
import { test } from "node:test";
import { isForeign, withRejected } from "./foreign-media.ts";
import { parseSdp } from "./parse-sdp.ts";
import type { SessionDescription } from "./session-description.ts";

function described(connection: string, ...lines: string[]): SessionDescription {
  const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", `c=${connection}`, "t=0 0"];
  const parsed = parseSdp([...head, ...lines, ""].join("\r\n"));
  assert.ok(parsed.ok);
  return parsed.value;
}

const audio = "m=audio 4000 RTP/AVP 0";

for (const [connection, localAddress, expected] of [
  ["IN IP4 192.0.2.1", "198.51.100.1", false],
  ["IN IP6 2001:db8::1", "2001:db8::9", false],
  ["IN IP6 2001:db8::1", "198.51.100.1", true],
  ["IN IP4 192.0.2.1", "2001:db8::9", true],
  ["IN IP6 ::", "198.51.100.1", false],
  ["IN IP4 0.0.0.0", "2001:db8::9", false],
] as const) {
  test(`media at ${connection} are ${expected ? "out of reach" : "no trouble"} for ${localAddress}`, () => {
    const { media } = described(connection, audio);
    assert.deepEqual(
      media.map((one) => isForeign(one, localAddress)),
      [expected],
    );
  });
}

test("the c= of a media description counts, and a rejected one wants nothing", () => {
  const own = "c=IN IP6 2001:db8::1";
  const { media } = described("IN IP4 192.0.2.1", audio, own, "m=video 0 RTP/AVP 99", own, audio);
  assert.deepEqual(
    media.map((one) => isForeign(one, "198.51.100.1")),
    [true, false, false],
  );
});

test("those that are rejected get the port 0, with their count, and nothing else changes", () => {
  const description = described("IN IP4 192.0.2.1", audio, "m=video 5000/2 RTP/AVP 99", "a=sendonly", audio);
  const without = withRejected(description, ({ media }) => media === "video");
  assert.equal(without.text, description.text.replace("5000/2", "0"));
  assert.deepEqual(
    without.media.map(({ isRejected }) => isRejected),
    [false, true, false],
  );
  const none = withRejected(description, () => true);
  assert.deepEqual(
    none.media.map(({ port }) => port),
    [0, 0, 0],
  );
  assert.equal(
    withRejected(description, () => false),
    description,
  );
});
