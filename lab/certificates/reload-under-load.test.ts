/** A few replacements; `./tandem bench certificates` replaces them for a minute. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { hasSipp } from "../harness/sipp.ts";
import { hasKamailio } from "../load/kamailio-load.ts";
import { CertificateStage } from "./certificate-stage.ts";
import { reloadUnderLoad } from "./reload-under-load.ts";

const isRoot = process.getuid?.() === 0;

it("certificates are replaced under load: every one is seen, no handshake and no call fails", async (context) => {
  if (!hasSipp() || !hasKamailio()) {
    if (isRoot) assert.fail("there is no SIPp or no Kamailio");
    context.skip("there is no SIPp or no Kamailio");
    return;
  }
  const stage = await CertificateStage.start(220);
  try {
    const result = await reloadUnderLoad(stage, {
      replacements: 6,
      replaceEveryMs: 1000,
      handshakesPerSecond: 20,
      callsPerSecond: 20,
      heldConnections: 5,
      waitsForEach: true,
    });
    console.log(JSON.stringify(result));
    assert.deepEqual(result.failures, []);
    assert.deepEqual(
      [result.failedHandshakes, result.failedProxyCalls, result.failedAgentCalls, result.lostConnections],
      [0, 0, 0, 0],
    );
    assert.equal(result.certificatesSeen, 7, "the first and every new one");
    assert.ok(result.agentCalls >= 20 && result.proxyCalls === 60);
    assert.ok(result.handshakes > result.agentCalls);
  } finally {
    await stage.stop();
  }
});
