import { HandClock } from "@tandem/clock/testing";
import {
  answerChallenge,
  chooseChallenge,
  DigestServer,
  parseChallenge,
  parseCredentials,
} from "@tandem/sip/digest";
import { HeaderFields, OutgoingRequest, serialize } from "@tandem/sip/message";
import type { FuzzTarget } from "../fuzz-target.ts";
import { digestSeeds } from "../seeds.ts";

const options = { nonceCount: 1, cnonce: "c", body: "" };
const secret = { username: 'us"er', password: "p" };
const uriOfRequest = "sip:+1555@a.test";

const server = new DigestServer({
  clock: new HandClock(),
  realm: "tandem.test",
  gatewayName: "gateway-1",
  keys: [{ id: 1, secret: "00".repeat(32) }],
});

export const digest: FuzzTarget = {
  name: "digest",
  sources: ["packages/sip/src/digest/"],
  seeds: digestSeeds,
  dictionary: [
    "Digest ",
    "Basic ",
    "realm=",
    "nonce=",
    "uri=",
    "response=",
    "username=",
    "qop=",
    "nc=",
    "cnonce=",
    "opaque=",
    "algorithm=",
    "stale=",
    '"',
    "\\",
    ",",
    "=",
    "auth",
    "auth-int",
    "MD5",
    "MD5-sess",
    "SHA-256",
    "SHA-512-256",
    "00000001",
    "tandem.test",
    " ",
    "\t",
  ],
  maximumBytes: 2048,
  run(input) {
    // No message with such a header field comes so far.
    if (/[\r\n\0]/.test(input)) return;
    parseCredentials(input);
    parseChallenge(input);
    server.verifyAny([input, input], "INVITE", uriOfRequest, () => []);
    const challenge = chooseChallenge([input, input.toUpperCase()]);
    if (challenge === undefined) return;
    const answer = answerChallenge(challenge, secret, "INVITE", uriOfRequest, options);
    const credentials = parseCredentials(answer);
    if (!credentials.ok) throw new Error(`our answer can't be read: ${answer}`);
    serialize(
      new OutgoingRequest("INVITE", uriOfRequest, new HeaderFields().append("Authorization", answer)),
    );
  },
};
