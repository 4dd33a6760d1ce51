import assert from "node:assert/strict";
import { test } from "node:test";
import { pAssertedIdentityOf } from "./p-asserted-identity.ts";
import { parseMessage } from "./parse-message.ts";
import { parsePrivacy } from "./privacy.ts";
import { callingPartyOf, parseRemotePartyId } from "./remote-party-id.ts";
import type { SipMessage } from "./sip-message.ts";

function message(...rows: readonly string[]): SipMessage {
  const parsed = parseMessage(`INVITE sip:h SIP/2.0\r\n${rows.join("\r\n")}\r\n\r\n`, "datagram");
  assert.ok(parsed.ok);
  return parsed.value;
}

const asserted: readonly (readonly [rows: readonly string[], expected: string])[] = [
  [["Q: 1"], "absent"],
  [["P-Asserted-Identity: <sip:a@h>"], "sip:a@h -"],
  [["P-Asserted-Identity: sips:a@h"], "sips:a@h -"],
  [["P-Asserted-Identity: <tel:+1>"], "- tel:+1"],
  [['P-Asserted-Identity: "A, B" <sip:a@h>, <tel:+1>'], "sip:a@h tel:+1"],
  [["P-Asserted-Identity: <tel:+1>", "P-Asserted-Identity: <sip:a@h>"], "sip:a@h tel:+1"],
  [["P-Asserted-Identity: <sip:a@h>, <sip:b@h>"], "malformed"],
  [["P-Asserted-Identity: <sip:a@h>, <sips:b@h>"], "malformed"],
  [["P-Asserted-Identity: <tel:+1>, <tel:+2>"], "malformed"],
  [["P-Asserted-Identity: <http://h>"], "malformed"],
  [["P-Asserted-Identity: a@h"], "malformed"],
  [["P-Asserted-Identity:"], "malformed"],
];

for (const [rows, expected] of asserted) {
  test(`asserted identity of ${rows.join(" | ")}`, () => {
    const parsed = pAssertedIdentityOf(message(...rows));
    if (!parsed.ok) {
      assert.equal(expected, "malformed");
      assert.equal(parsed.error.code, "p-asserted-identity-malformed");
    } else if (parsed.value === undefined) assert.equal(expected, "absent");
    else {
      const { sip, tel } = parsed.value;
      assert.equal(`${sip?.addrSpec ?? "-"} ${tel?.addrSpec ?? "-"}`, expected);
    }
  });
}

test("Remote-Party-ID has party, screen and privacy in lower case", () => {
  const parsed = parseRemotePartyId('"A" <sip:a@h>;party=Calling;screen=YES;privacy=Full');
  assert.ok(parsed.ok);
  const { address, party, screen, privacy } = parsed.value;
  assert.deepEqual(
    [address.displayName, address.addrSpec, party, screen, privacy],
    ["A", "sip:a@h", "calling", "yes", "full"],
  );
  const bare = parseRemotePartyId("<sip:a@h>");
  assert.ok(bare.ok);
  assert.deepEqual(
    [bare.value.party, bare.value.screen, bare.value.privacy],
    [undefined, undefined, undefined],
  );
  const broken = parseRemotePartyId("<sip:a@h");
  assert.ok(!broken.ok);
  assert.equal(broken.error.code, "remote-party-id-malformed");
});

test("the calling party is the first Remote-Party-ID of the caller", () => {
  const find = (...rows: readonly string[]): string => {
    const parsed = callingPartyOf(message(...rows));
    if (!parsed.ok) return parsed.error.code;
    return parsed.value?.address.addrSpec ?? "none";
  };
  assert.equal(find("Q: 1"), "none");
  assert.equal(find("Remote-Party-ID: <sip:a>"), "sip:a");
  assert.equal(find("Remote-Party-ID: <sip:a>;party=called, <sip:b>;party=calling, <sip:c>"), "sip:b");
  assert.equal(find("Remote-Party-ID: <sip:a>;party=called"), "none");
  assert.equal(find("Remote-Party-ID: <sip:a"), "remote-party-id-malformed");
});

for (const [value, expected] of [
  ["id", "id"],
  ["ID;Critical", "id critical"],
  [" header ; user ", "header user"],
  ["id, critical", "id critical"],
  ["none", "none"],
  ["", "error"],
  ["id;", "error"],
  [";id", "error"],
  ["i d", "error"],
] as const) {
  test(`Privacy "${value}"`, () => {
    const parsed = parsePrivacy(value);
    assert.equal(parsed.ok ? parsed.value.join(" ") : "error", expected);
  });
}
