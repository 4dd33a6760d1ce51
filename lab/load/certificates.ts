import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CertificateStage } from "../certificates/certificate-stage.ts";
import { type ReloadResult, reloadUnderLoad } from "../certificates/reload-under-load.ts";
import { hasSipp } from "../harness/sipp.ts";
import { hasKamailio } from "./kamailio-load.ts";

const network = 221;
/** A client may come between two replacements, and the gateway look between them, so rarely. */
const unseenCertificates = 3;
const leastHandshakesPerSecond = 20;

/** `tandem bench certificates`: the gateway's certificate is replaced every second beside calls and handshakes over TLS. */
export async function benchCertificates(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "60" },
      handshakes: { type: "string", default: "20" },
      rate: { type: "string", default: "100" },
      held: { type: "string", default: "20" },
      json: { type: "string" },
    },
  });
  if (!hasSipp() || !hasKamailio()) {
    console.log(
      "SIPp or Kamailio is not installed: apt-get install sip-tester kamailio kamailio-tls-modules",
    );
    return 1;
  }
  const plan = {
    replacements: Number(values.seconds),
    replaceEveryMs: 1000,
    handshakesPerSecond: Number(values.handshakes),
    callsPerSecond: Number(values.rate),
    heldConnections: Number(values.held),
    waitsForEach: false,
  };
  const stage = await CertificateStage.start(network);
  try {
    const result = await reloadUnderLoad(stage, plan);
    const { failures, ...numbers } = result;
    for (const [name, value] of Object.entries(numbers)) {
      console.log(`${name.padEnd(20)} ${Number.isInteger(value) ? value : value.toFixed(1)}`);
    }
    for (const failure of failures) console.log(`failure: ${failure}`);
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify({ plan, result }, undefined, 2)}\n`);
    }
    return isGood(result) ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

function isGood(result: ReloadResult): boolean {
  const failed = result.failedHandshakes + result.failedProxyCalls + result.failedAgentCalls;
  return (
    failed + result.lostConnections === 0 &&
    result.certificatesSeen >= result.replacements - unseenCertificates &&
    result.handshakesPerSecond >= leastHandshakesPerSecond
  );
}
