import { describe, test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type CallParts, originationCallOnTrunk, terminationCall } from "../testing/call-of.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { securityPolicy } from "./security-policy.ts";

const secure: CallParts = { snapshot: { trunks: [exampleTrunk({ secure: true })] } };
const key = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"A".repeat(40)}`;
const weakKey = `a=crypto:1 NULL_HMAC_SHA1_80 inline:${"A".repeat(40)}`;
const fingerprint = "a=fingerprint:sha-256 AA:BB";

function offerOf(...lines: string[]): string {
  const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
  return [...head, ...lines, ""].join("\r\n");
}

const plain = "m=audio 4000 RTP/AVP 0";
const savp = "m=audio 4000 RTP/SAVP 0";
const tls = "m=audio 4000 UDP/TLS/RTP/SAVPF 0";

describe("a trunk that is not secure", () => {
  test("takes any transport and plain RTP", () => {
    for (const body of [offerOf(plain), offerOf(plain, key), "", "SAVP", offerOf("m=audio 0 RTP/SAVP 0")]) {
      assertPasses(securityPolicy(terminationCall({ body })), "the trunk is not secure");
      assertPasses(securityPolicy(terminationCall({ protocol: "TLS", body })));
    }
  });

  test("takes no SRTP, with or without a key, over TLS neither", () => {
    for (const body of [offerOf(savp, key), offerOf(savp), offerOf(tls, fingerprint), offerOf(plain, savp)]) {
      for (const protocol of ["UDP", "TLS"] as const) {
        const text = "the trunk is not secure, and the offer has RTP/SAVP";
        assertRefused(securityPolicy(terminationCall({ protocol, body })), reasons.secureMediaRefused, text);
      }
    }
  });
});

const mixed = ["Content-Type", "multipart/mixed;boundary=b"] as const;

function partOf(body: string): string {
  return `--b\r\nContent-Type: application/sdp\r\n\r\n${body}\r\n--b--`;
}

test("an offer that is one part of the body is judged like a whole one", () => {
  const part = { headerFields: [mixed], body: partOf(offerOf(savp, key)) };
  assertRefused(securityPolicy(terminationCall(part)), reasons.secureMediaRefused);
  assertPasses(securityPolicy(terminationCall({ ...secure, ...part, protocol: "TLS" })), "TLS and SRTP");
  const plainPart = {
    ...secure,
    headerFields: [mixed],
    body: partOf(offerOf(plain)),
    protocol: "TLS",
  } as const;
  assertRefused(securityPolicy(terminationCall(plainPart)), reasons.secureMediaRequired);
});

describe("a secure trunk", () => {
  test("takes TLS only", () => {
    for (const protocol of ["UDP", "TCP"] as const) {
      const call = terminationCall({ ...secure, protocol, body: offerOf(savp, key) });
      const text = `${protocol} on a trunk that demands TLS`;
      assertRefused(securityPolicy(call), reasons.secureTransportRequired, text);
    }
  });

  test("over TLS it takes SRTP for all media only", () => {
    const plainOffers = [
      "",
      "nonsense",
      offerOf(),
      offerOf(plain),
      offerOf(plain, key),
      offerOf(savp, key, plain),
    ];
    for (const body of [...plainOffers, offerOf("m=audio 0 RTP/SAVP 0", key)]) {
      const call = terminationCall({ ...secure, protocol: "TLS", body });
      assertRefused(securityPolicy(call), reasons.secureMediaRequired, /without SRTP/);
    }
  });

  test("with a key that is taken", () => {
    for (const body of [offerOf(savp), offerOf(savp, weakKey), offerOf(tls, key)]) {
      assertRefused(
        securityPolicy(terminationCall({ ...secure, protocol: "TLS", body })),
        reasons.noUsableKey,
      );
    }
    for (const body of [
      offerOf(savp, weakKey, key),
      offerOf(tls, fingerprint),
      offerOf(savp, key, "m=video 0 RTP/AVP 96"),
    ]) {
      assertPasses(securityPolicy(terminationCall({ ...secure, protocol: "TLS", body })), "TLS and SRTP");
    }
  });

  test("a dry run without an offer is taken to have SRTP", () => {
    const call = terminationCall({ ...secure, protocol: "TLS", body: "", isDryRun: true });
    assertPasses(securityPolicy(call), "TLS; the offer is taken to have SRTP");
  });

  test("a carrier's leg is plain, on any transport, and SRTP there is refused", () => {
    assertPasses(
      securityPolicy(originationCallOnTrunk({ ...secure, body: offerOf(plain) })),
      /carrier's leg/,
    );
    for (const parts of [secure, {}]) {
      const call = originationCallOnTrunk({ ...parts, body: offerOf(savp, key) });
      assertRefused(securityPolicy(call), reasons.secureMediaRefused, /^the carrier offers SRTP/);
    }
  });
});
