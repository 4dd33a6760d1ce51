import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type CallParts, originationCallOnTrunk, terminationCall } from "../testing/call-of.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { securityPolicy } from "./security-policy.ts";

const secure: CallParts = { snapshot: { trunks: [exampleTrunk({ secure: true })] } };
const offerOf = (protocol: string): string => `v=0\r\nm=audio 4000 ${protocol} 0\r\n`;

test("a trunk that is not secure takes any transport and any offer", () => {
  assertPasses(securityPolicy(terminationCall({ body: offerOf("RTP/AVP") })));
  assertPasses(securityPolicy(terminationCall({ protocol: "TLS", body: offerOf("RTP/SAVP") })));
});

test("a secure trunk takes TLS only", () => {
  for (const protocol of ["UDP", "TCP"] as const) {
    const call = terminationCall({ ...secure, protocol, body: offerOf("RTP/SAVP") });
    const text = `${protocol} on a trunk that demands TLS`;
    assertRefused(securityPolicy(call), reasons.secureTransportRequired, text);
  }
});

test("over TLS it takes SRTP only", () => {
  for (const body of [offerOf("RTP/AVP"), "", "v=0\r\na=RTP/SAVP\r\n"]) {
    const call = terminationCall({ ...secure, protocol: "TLS", body });
    assertRefused(securityPolicy(call), reasons.secureMediaRequired, "the offer has no SRTP");
  }
});

test("what is right is still not carried in clear", () => {
  for (const protocol of ["RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP"]) {
    const call = terminationCall({ ...secure, protocol: "TLS", body: offerOf(protocol) });
    assertRefused(securityPolicy(call), reasons.secureMediaUnavailable);
  }
  assertRefused(securityPolicy(originationCallOnTrunk(secure)), reasons.secureMediaUnavailable);
});
