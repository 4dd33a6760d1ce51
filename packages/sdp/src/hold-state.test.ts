import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { holdState } from "./hold-state.ts";
import { parseSdp } from "./parse-sdp.ts";

function stateOf(...lines: string[]): string {
  const result = parseSdp(["v=0", "o=- 1 1 IN IP4 192.0.2.1", ...lines].join("\r\n"));
  assert.ok(result.ok);
  return holdState(result.value);
}

const normal = "c=IN IP4 192.0.2.1";
const nowhere = "c=IN IP4 0.0.0.0";
const audio = "m=audio 4000 RTP/AVP 0";

const table: [rule: string, lines: string[], state: "active" | "held"][] = [
  ["sendrecv by default", [normal, audio], "active"],
  ["sendrecv said", [normal, audio, "a=sendrecv"], "active"],
  ["sendonly", [normal, audio, "a=sendonly"], "held"],
  ["recvonly", [normal, audio, "a=recvonly"], "held"],
  ["inactive", [normal, audio, "a=inactive"], "held"],
  ["direction at session level", [normal, "a=sendonly", audio], "held"],
  ["unspecified address with sendrecv (RFC 2543)", [nowhere, audio, "a=sendrecv"], "held"],
  ["unspecified address of the session, overridden", [nowhere, audio, normal], "active"],
  ["unspecified address of the media description", [normal, audio, nowhere], "held"],
  ["one live media description is enough", [normal, audio, "a=inactive", audio], "active"],
  ["a rejected one does not count", [normal, audio, "a=inactive", "m=video 0 RTP/AVP 31"], "held"],
  ["nothing but rejected ones", [normal, "m=audio 0 RTP/AVP 0"], "held"],
  ["no media at all", [normal], "held"],
];

describe("holdState", () => {
  for (const [rule, lines, state] of table)
    test(`${rule}: ${state}`, () => assert.equal(stateOf(...lines), state));
});
