import assert from "node:assert/strict";
import { test } from "node:test";
import type { RestClient } from "../client/rest-client.ts";
import { farSidesWithCodecs, judgeTranscoding } from "./transcoding.ts";

function client(answers: Readonly<Record<string, readonly object[]>>): Pick<RestClient, "listAll"> {
  return {
    listAll: (path) => {
      const rows = answers[path];
      if (rows === undefined) throw new Error("403");
      return Promise.resolve(rows as Record<string, unknown>[]);
    },
  };
}

const trunks = [
  { friendly_name: "Office", tandem: { codecs: ["opus"] } },
  { friendly_name: "Home", tandem: { codecs: [] } },
  { friendly_name: "Old" },
];
const carriers = [
  { friendly_name: "East", codecs: ["PCMU"] },
  { friendly_name: "West", codecs: [] },
];

test("far sides with codecs are trunks and carriers, as far as one may see them", async () => {
  const all = client({ "/v1/Trunks": trunks, "/v1/Carriers": carriers });
  assert.deepEqual(await farSidesWithCodecs(all), ["Office", "East"]);
  assert.deepEqual(await farSidesWithCodecs(client({ "/v1/Trunks": trunks })), ["Office"]);
  assert.deepEqual(await farSidesWithCodecs(client({})), []);
  assert.deepEqual(await farSidesWithCodecs(undefined), []);
});

test("they are warned of when no rtpengine answers", () => {
  assert.deepEqual(judgeTranscoding([], false), []);
  assert.deepEqual(judgeTranscoding(["Office"], true), []);
  const [one] = judgeTranscoding(["Office"], false);
  assert.equal(one?.level, "warn");
  assert.match(one?.text ?? "", /\(Office\) are not transcoded$/);
  assert.match(judgeTranscoding(["A", "B", "C"], false)[0]?.text ?? "", /\(A and 2 more\)/);
});
