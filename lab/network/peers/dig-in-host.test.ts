import assert from "node:assert/strict";
import { test } from "node:test";
import { recordsOf } from "./dig-in-host.ts";

test("records with their time to live; comments are none", () => {
  const text = [
    "; <<>> DiG",
    "three.pstn.ashburn.tandem.test. 30 IN\tA\t54.172.60.1",
    "_sip._udp.three.tandem.test. 7\tIN SRV 10 100 5060 ashburn-1.gw.ashburn.tandem.test.",
    ";; connection timed out; no servers could be reached",
  ].join("\n");
  assert.deepEqual(recordsOf(text), [
    { ttl: 30, type: "A", data: "54.172.60.1" },
    { ttl: 7, type: "SRV", data: "10 100 5060 ashburn-1.gw.ashburn.tandem.test." },
  ]);
  assert.deepEqual(recordsOf(""), []);
});
