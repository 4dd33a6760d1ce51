import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callIdOf, methodOf } from "./message-headers.ts";

const message = (...rows: readonly string[]): string =>
  ["SIP/2.0 200 OK", ...rows, "", "v=0", "Call-ID: of-the-body", ""].join("\r\n");

describe("what a trace goes by", () => {
  test("Call-ID, long and short, in any case, without the space around it", () => {
    for (const name of ["Call-ID", "call-id", "i", "I"]) {
      assert.equal(callIdOf(message("To: <sip:a@b>", `${name} :  one@two `)), "one@two");
    }
  });

  test("the method of the CSeq, of responses too", () => {
    assert.equal(methodOf(message("CSeq: 17 INVITE")), "INVITE");
    assert.equal(methodOf(message("cseq :\t1  BYE")), "BYE");
  });

  test("neither is there", () => {
    assert.equal(callIdOf("no message"), undefined);
    assert.equal(methodOf(message("Call-ID: a")), undefined);
    assert.equal(methodOf(message("CSeq: INVITE")), undefined);
  });
});
