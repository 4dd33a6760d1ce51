import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleZone, nameServers } from "../testing/example-zone.ts";
import { type QueryWishes, queryOf } from "../testing/query-bytes.ts";
import { everybodyLives } from "../zone/health-view.ts";
import { ZoneIndex } from "../zone/zone-index.ts";
import { respond, respondToMalformed, type ZoneState } from "./responder.ts";

const state: ZoneState = {
  index: new ZoneIndex(exampleZone(), nameServers),
  options: { ttlSeconds: 30, health: everybodyLives, serial: 5, random: () => 0 },
};
const office = "office.pstn.tandem.test";

/** `code, authoritative, answers, authorities` */
function shape(name: string, wishes: QueryWishes = {}, from: ZoneState | undefined = state) {
  const { responseCode, isAuthoritative, answers, authorities } = respond(queryOf(name, wishes), from);
  return [responseCode, isAuthoritative, answers.length, authorities.map((one) => one.data.type).join()];
}

const table: [what: string, name: string, wishes: QueryWishes, shape: unknown[]][] = [
  ["an answer", office, {}, [0, true, 1, ""]],
  ["in another case", "OFFICE.pstn.tandem.test", {}, [0, true, 1, ""]],
  ["no such type: SOA tells how long", office, { type: 16 }, [0, true, 0, "SOA"]],
  ["an empty non-terminal", "pstn.tandem.test", {}, [0, true, 0, "SOA"]],
  ["no such name", "nobody.pstn.tandem.test", {}, [3, true, 0, "SOA"]],
  ["no such name, ANY", "nobody.pstn.tandem.test", { type: 255 }, [3, true, 0, "SOA"]],
  ["another zone", "example.net", {}, [5, false, 0, ""]],
  ["the root", "", { type: 2 }, [5, false, 0, ""]],
  ["ANY", office, { type: 255 }, [0, true, 1, ""]],
  ["AXFR", "tandem.test", { type: 252 }, [5, false, 0, ""]],
  ["IXFR", "tandem.test", { type: 251 }, [5, false, 0, ""]],
  ["MAILB", office, { type: 253 }, [4, false, 0, ""]],
  ["the first meta type", office, { type: 128 }, [4, false, 0, ""]],
  ["the last of the types before", office, { type: 127 }, [0, true, 0, "SOA"]],
  ["the first of the types after", office, { type: 256 }, [0, true, 0, "SOA"]],
  ["OPT as a question", office, { type: 41 }, [1, false, 0, ""]],
  ["type 0", office, { type: 0 }, [1, false, 0, ""]],
  ["CHAOS", "version.bind", { class: 3, type: 16 }, [5, false, 0, ""]],
  ["CHAOS for a name of ours", office, { class: 3 }, [5, false, 0, ""]],
  ["class ANY", office, { class: 255 }, [5, false, 0, ""]],
  ["NOTIFY", "tandem.test", { opcode: 4, type: 6 }, [4, false, 0, ""]],
  ["UPDATE", "tandem.test", { opcode: 5, type: 6 }, [4, false, 0, ""]],
  ["STATUS", office, { opcode: 2 }, [4, false, 0, ""]],
  ["a later EDNS", office, { edns: { payloadBytes: 1232, version: 1 } }, [16, false, 0, ""]],
];
for (const [what, name, wishes, expected] of table) {
  test(what, () => assert.deepEqual(shape(name, wishes), expected));
}

test("without a zone nothing is denied: SERVFAIL makes the resolver ask the next name server", () => {
  const ask = (wishes: QueryWishes) => respond(queryOf(office, wishes), undefined).responseCode;
  assert.deepEqual([ask({}), ask({ type: 252 }), ask({ opcode: 5 })], [2, 5, 4]);
});

test("negative answers may be kept for 30 s (RFC 2308), and carry the serial", () => {
  const [soa] = respond(queryOf("nobody.pstn.tandem.test"), state).authorities;
  assert.ok(soa?.data.type === "SOA");
  assert.deepEqual(
    [soa.owner, soa.ttlSeconds, soa.data.minimum, soa.data.serial],
    ["tandem.test", 30, 30, 5],
  );
});

test("id, recursion desired and DO go back; without OPT none goes back", () => {
  const response = respond(
    queryOf(office, { id: 7, flags: 0x0100, edns: { payloadBytes: 512, isDnssecOk: true } }),
    state,
  );
  assert.deepEqual(
    [response.id, response.isRecursionDesired, response.edns],
    [7, true, { isDnssecOk: true }],
  );
  assert.equal(respond(queryOf(office), state).edns, undefined);
});

test("a malformed message gets FORMERR, or NOTIMP when it was no question at all", () => {
  const header = { id: 9, isRecursionDesired: true };
  const asked = respondToMalformed({ ...header, opcode: 0 });
  assert.deepEqual([asked.id, asked.responseCode, asked.question], [9, 1, undefined]);
  assert.equal(respondToMalformed({ ...header, opcode: 5 }).responseCode, 4);
});
