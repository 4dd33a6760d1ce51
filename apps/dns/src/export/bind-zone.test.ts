import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleGateway, exampleZone, nameServers } from "../testing/example-zone.ts";
import { ZoneIndex } from "../zone/zone-index.ts";
import { bindZone } from "./bind-zone.ts";

test("a zone of one trunk and one gateway, written out", () => {
  const zone = exampleZone({
    edges: [{ name: "ashburn-ix", legacyId: "us1-ix", region: "us1", kind: "private" }],
    gateways: [exampleGateway("ashburn-ix", 1, "private", "198.51.100.1")],
    trunkLabels: ["office"],
  });
  const lines = [...bindZone(new ZoneIndex(zone, nameServers), 30)];
  assert.deepEqual(lines.slice(0, 8), [
    "; tandem.test of snapshot 7, as if all gateways lived\n",
    "tandem.test. 30 IN SOA ns1.tandem.test. hostmaster.tandem.test. 7 3600 600 604800 30\n",
    "tandem.test. 3600 IN NS ns1.tandem.test.\n",
    "tandem.test. 3600 IN NS ns2.example.net.\n",
    "ns1.tandem.test. 3600 IN A 192.0.2.53\n",
    "ns1.tandem.test. 3600 IN AAAA 2001:db8:0:0:0:0:0:53\n",
    "ashburn-ix-1.gw.ashburn-ix.tandem.test. 30 IN A 198.51.100.1\n",
    "office.pstn.tandem.test. 30 IN A 198.51.100.1\n",
  ]);
  const legacy = lines.filter((line) => line.includes("office.pstn.us1-ix.tandem.test. 30"));
  assert.deepEqual(legacy, [
    "office.pstn.us1-ix.tandem.test. 30 IN A 198.51.100.1\n",
    'office.pstn.us1-ix.tandem.test. 30 IN NAPTR 10 50 "s" "SIPS+D2T" "" _sips._tcp.office.pstn.us1-ix.tandem.test.\n',
    'office.pstn.us1-ix.tandem.test. 30 IN NAPTR 20 50 "s" "SIP+D2T" "" _sip._tcp.office.pstn.us1-ix.tandem.test.\n',
    'office.pstn.us1-ix.tandem.test. 30 IN NAPTR 30 50 "s" "SIP+D2U" "" _sip._udp.office.pstn.us1-ix.tandem.test.\n',
    "_sips._tcp.office.pstn.us1-ix.tandem.test. 30 IN SRV 10 10 5061 ashburn-ix-1.gw.ashburn-ix.tandem.test.\n",
    "_sip._tcp.office.pstn.us1-ix.tandem.test. 30 IN SRV 10 10 5060 ashburn-ix-1.gw.ashburn-ix.tandem.test.\n",
    "_sip._udp.office.pstn.us1-ix.tandem.test. 30 IN SRV 10 10 5060 ashburn-ix-1.gw.ashburn-ix.tandem.test.\n",
  ]);
});

test("every trunk stands there in every form", () => {
  const index = new ZoneIndex(exampleZone(), nameServers);
  const text = [...bindZone(index, 30)].join("");
  for (const label of index.trunks) {
    for (const place of ["", ...index.places.keys()]) {
      const name = `${label}.pstn.${place && `${place}.`}tandem.test.`;
      assert.match(text, new RegExp(`^${name.replaceAll(".", "\\.")} 30 IN A `, "m"), name);
    }
  }
});
