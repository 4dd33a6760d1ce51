import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { describe, it } from "node:test";
import { judgeSecureMedia, rtpengineAnswers } from "./secure-media.ts";

const rtpengine = { address: "127.0.0.1", port: 2223 };

describe("judgeSecureMedia", () => {
  for (const [what, trunks, named, answers, level, text] of [
    ["nothing is needed", [], undefined, false, "ok", /^no rtpengine is named, and no trunk is secure$/],
    ["nobody knows", undefined, undefined, false, "ok", /control can't be asked/],
    ["it answers", ["Office"], rtpengine, true, "ok", /^rtpengine at 127\.0\.0\.1:2223 answers$/],
    ["a secure trunk has none", ["Office"], undefined, false, "fail", /^no rtpengine is named: .*\(Office\)/],
    ["several have none", ["Office", "B", "C"], undefined, false, "fail", /\(Office and 2 more\)/],
    ["a secure trunk's is silent", ["Office"], rtpengine, false, "fail", /does not answer: .*\(Office\)/],
    [
      "a named one is silent",
      [],
      rtpengine,
      false,
      "fail",
      /^rtpengine at 127\.0\.0\.1:2223 does not answer$/,
    ],
  ] as const) {
    it(what, () => {
      const finding = judgeSecureMedia(trunks, named, answers);
      assert.equal(finding.level, level);
      assert.match(finding.text, text);
      assert.equal(finding.remedy !== undefined, level === "fail");
    });
  }
});

describe("rtpengineAnswers", () => {
  for (const [reply, expected] of [
    ["doctor d6:result4:ponge", true],
    ["doctor d6:result5:errore", false],
  ] as const) {
    it(`"${reply}" is ${expected}`, async () => {
      const socket = createSocket("udp4");
      await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", () => resolve()));
      socket.on("message", (_data, { port, address }) => socket.send(reply, port, address));
      const { port } = socket.address();
      assert.equal(await rtpengineAnswers({ address: "127.0.0.1", port }), expected);
      socket.close();
      assert.equal(await rtpengineAnswers({ address: "127.0.0.1", port }, 100), false);
    });
  }
});
