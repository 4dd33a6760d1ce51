import assert from "node:assert/strict";
import { test } from "node:test";
import { rewriteTopVia } from "./via-rewrite.ts";

const sentBy = { from: "192.0.2.1:5060", to: "192.0.2.1:5070" };

test("transport and sent-by of the topmost Via change, all else stays", () => {
  const request = (top: string): string =>
    `INVITE sip:a@b.test SIP/2.0\r\nVia: ${top}\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK0\r\n\r\nSIP/2.0/UDP`;
  assert.equal(
    rewriteTopVia(request("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport"), "TCP", sentBy),
    request("SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bK1;rport"),
  );
});

test("a sent-by that is not the one of the old transport stays", () => {
  assert.equal(
    rewriteTopVia(
      "BYE sip:b.test SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1:506;branch=z9hG4bK1\r\n\r\n",
      "TCP",
      sentBy,
    ),
    "BYE sip:b.test SIP/2.0\r\nv: SIP/2.0/TCP 192.0.2.1:506;branch=z9hG4bK1\r\n\r\n",
  );
});

test("without a Via there is nothing to rewrite", () => {
  assert.equal(rewriteTopVia("BYE sip:b.test SIP/2.0\r\nTo: x\r\n\r\n", "TCP", sentBy), undefined);
});
