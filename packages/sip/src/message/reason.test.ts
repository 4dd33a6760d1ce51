import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage } from "./parse-message.ts";
import { parseReason, reasonsOf, serializeReason } from "./reason.ts";

const table: readonly (readonly [value: string, expected: string])[] = [
  ['Q.850;cause=16;text="Normal call clearing"', "Q.850 16 Normal call clearing"],
  ["q.850 ; cause = 0", "Q.850 0 -"],
  ['sip;text="a \\"b\\"";cause=600', 'SIP 600 a "b"'],
  ["SIP", "SIP - -"],
  ["Preemption ;cause=1", "Preemption 1 -"],
  ["SIP;cause=999", "SIP 999 -"],
  ["SIP;cause=1000", "error"],
  ["SIP;cause=x", "error"],
  ["SIP;cause", "error"],
  ["SIP;cause=-1", "error"],
  ["SIP cause=1", "error"],
  ["SIP;;cause=1", "error"],
  [";cause=1", "error"],
  ["", "error"],
  ['SIP;text="a', "error"],
];

for (const [value, expected] of table) {
  test(`Reason ${value}`, () => {
    const parsed = parseReason(value);
    if (!parsed.ok) {
      assert.equal(expected, "error");
      assert.equal(parsed.error.code, "reason-malformed");
      return;
    }
    const { protocol, cause, text } = parsed.value;
    assert.equal(`${protocol} ${cause ?? "-"} ${text ?? "-"}`, expected);
  });
}

test("the reasons of a message, malformed ones left out", () => {
  const parsed = parseMessage(
    'BYE sip:h SIP/2.0\r\nReason: Q.850;cause=16, ;x\r\nReason: SIP;cause=200;text="a,b"\r\n\r\n',
    "datagram",
  );
  assert.ok(parsed.ok);
  assert.deepEqual(reasonsOf(parsed.value), [
    { protocol: "Q.850", cause: 16, text: undefined },
    { protocol: "SIP", cause: 200, text: "a,b" },
  ]);
});

test("a reason on the wire", () => {
  const full = serializeReason({ protocol: "Q.850", cause: 16, text: 'Normal "call"' });
  assert.equal(full, 'Q.850;cause=16;text="Normal \\"call\\""');
  assert.equal(serializeReason({ protocol: "SIP", cause: undefined, text: undefined }), "SIP");
  assert.equal(serializeReason({ protocol: "SIP", cause: 0, text: "" }), 'SIP;cause=0;text=""');
});
