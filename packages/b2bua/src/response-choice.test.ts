import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseResponse, type FinalResponse } from "./response-choice.ts";

function response(statusCode: number, reasonPhrase = `phrase of ${statusCode}`): FinalResponse {
  return { statusCode, reasonPhrase, reasonValues: [`SIP;cause=${statusCode}`] };
}

const table: [rule: string, received: number[], chosen: number][] = [
  ["a 6xx wins whenever it came", [404, 603, 486], 603],
  ["600 is a 6xx", [404, 600], 600],
  ["the first 6xx of several", [603, 600], 603],
  ["the lowest class", [500, 404], 404],
  ["the lowest class, whenever it came", [404, 500], 404],
  ["within a class the first", [480, 404], 480],
  ["415 wins over its class", [404, 415], 415],
  ["420 wins over its class", [404, 420], 420],
  ["484 wins over its class", [404, 484], 484],
  ["of those the first", [484, 415], 484],
  ["401 is never chosen", [401, 500], 500],
  ["407 is never chosen", [407, 404], 404],
  ["a redirection is never chosen", [302, 404], 404],
  ["503 becomes 500", [503], 500],
  ["504 stays", [504], 504],
  ["482 becomes 500", [482], 500],
  ["483 becomes 500", [483], 500],
  ["481 stays", [481], 481],
  ["only challenges: 500", [401, 407], 500],
  ["only redirections: 500", [300, 399], 500],
  ["400 is presentable", [400], 400],
  ["nothing at all: 500", [], 500],
];

for (const [rule, received, chosen] of table) {
  test(`best response: ${rule}`, () => {
    assert.equal(
      chooseResponse(
        received.map((code) => response(code)),
        false,
      ).statusCode,
      chosen,
    );
  });
}

test("without a usable response a timer makes it 408", () => {
  for (const received of [[], [response(407)]]) {
    assert.deepEqual(chooseResponse(received, true), {
      statusCode: 408,
      reasonPhrase: "Request Timeout",
      reasonValues: [],
    });
  }
  assert.equal(chooseResponse([response(500)], true).statusCode, 500);
});

test("phrase and Reason are those of the chosen response; a replaced status has the phrase of 500", () => {
  assert.deepEqual(chooseResponse([response(404, "Gone fishing")], false), response(404, "Gone fishing"));
  assert.deepEqual(chooseResponse([response(503)], false), {
    statusCode: 500,
    reasonPhrase: "Server Internal Error",
    reasonValues: ["SIP;cause=503"],
  });
});
