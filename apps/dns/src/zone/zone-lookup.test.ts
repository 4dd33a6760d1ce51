import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ZoneSnapshot } from "@tandem/contracts";
import { exampleGateway, exampleInterface, exampleZone, nameServers } from "../testing/example-zone.ts";
import { recordText } from "../testing/record-text.ts";
import { recordTypes } from "../wire/codes.ts";
import type { HealthRank } from "./health-view.ts";
import { maximumSrvTiers } from "./trunk-records.ts";
import { ZoneIndex } from "./zone-index.ts";
import { lookUp } from "./zone-lookup.ts";

interface Circumstances {
  readonly zone?: ZoneSnapshot;
  /** Names of gateways, separated by spaces. */
  readonly silent?: string;
  readonly draining?: string;
  readonly random?: number;
}

const everybody = exampleZone()
  .gateways.map((gateway) => gateway.name)
  .join(" ");

function answerTo(name: string, type: number, { zone, silent, draining, random }: Circumstances = {}) {
  const index = new ZoneIndex(zone ?? exampleZone(), nameServers);
  const node = index.find(name.split("."));
  assert.ok(node.kind !== "outside" && node.kind !== "missing", `${name} is ${node.kind}`);
  const has = (list: string | undefined, gateway: string) => (list ?? "").split(" ").includes(gateway);
  return lookUp(index, node, name, type, {
    ttlSeconds: 30,
    serial: 99,
    random: () => random ?? 0,
    health: (gateway): HealthRank => (has(silent, gateway) ? 2 : has(draining, gateway) ? 1 : 0),
  });
}

/** Addresses of the name `office.pstn.{place}`; place "": the generic form. */
function addressesOf(place: string, circumstances: Circumstances = {}): string {
  const name = place === "" ? "office.pstn.tandem.test" : `office.pstn.${place}.tandem.test`;
  const { answers } = answerTo(name, recordTypes.A, circumstances);
  return answers.map((record) => recordText(record).slice(2)).join(" ");
}

/** `priority target-label` of each SRV record. */
function targetsOf(place: string, circumstances: Circumstances = {}, service = "_sip._udp"): string[] {
  const name = `${service}.office.pstn${place && `.${place}`}.tandem.test`;
  return answerTo(name, recordTypes.SRV, circumstances).answers.map(({ data }) => {
    assert.ok(data.type === "SRV");
    return `${data.priority} ${data.target.split(".")[0]}`;
  });
}

const ashburnIx = "198.51.100.1 198.51.100.2";
const sanJoseIx = "198.51.100.11";
const londonIx = "198.51.100.21";

describe("addresses", () => {
  const table: [what: string, place: string, circumstances: Circumstances, addresses: string][] = [
    ["a private edge", "ashburn-ix", {}, ashburnIx],
    ["its legacy id", "us1-ix", {}, ashburnIx],
    ["another private edge", "london-ix", {}, londonIx],
    ["a public edge", "ashburn", {}, "203.0.113.1"],
    ["its legacy id", "us1", {}, "203.0.113.1"],
    [
      "roaming: all private edges, in the order of regions",
      "roaming",
      {},
      `${ashburnIx} ${sanJoseIx} ${londonIx}`,
    ],
    ["roaming's legacy id", "gll-ix", {}, `${ashburnIx} ${sanJoseIx} ${londonIx}`],
    ["public roaming", "gll", {}, "203.0.113.1 203.0.113.21"],
    ["no edge: the public one of the first region", "", {}, "203.0.113.1"],
    ["one gateway silent: the other", "ashburn-ix", { silent: "ashburn-ix-1" }, "198.51.100.2"],
    ["one gateway draining: the other", "ashburn-ix", { draining: "ashburn-ix-1" }, "198.51.100.2"],
    ["the edge silent: the next region's", "ashburn-ix", { silent: "ashburn-ix-1 ashburn-ix-2" }, sanJoseIx],
    ["by its legacy id too", "us1-ix", { silent: "ashburn-ix-1 ashburn-ix-2" }, sanJoseIx],
    [
      "the next silent too: the one after",
      "ashburn-ix",
      { silent: "ashburn-ix-1 ashburn-ix-2 san-jose-ix-1" },
      londonIx,
    ],
    ["each region has its own order", "london-ix", { silent: "london-ix-1" }, ashburnIx],
    [
      "a region that is not in the order does not take over",
      "london-ix",
      { silent: "london-ix-1 ashburn-ix-1 ashburn-ix-2" },
      londonIx,
    ],
    [
      "the edge draining: the next region's",
      "ashburn-ix",
      { draining: "ashburn-ix-1 ashburn-ix-2" },
      sanJoseIx,
    ],
    ["all draining: the edge itself", "ashburn-ix", { draining: everybody }, ashburnIx],
    [
      "all silent but one that drains: that one",
      "ashburn-ix",
      { silent: everybody.replace("london-ix-1", ""), draining: "london-ix-1" },
      londonIx,
    ],
    ["all silent: as if all lived", "ashburn-ix", { silent: everybody }, ashburnIx],
    [
      "all private silent: private stays private",
      "ashburn-ix",
      {
        silent: "ashburn-ix-1 ashburn-ix-2 san-jose-ix-1 london-ix-1",
      },
      ashburnIx,
    ],
    ["public stays public", "ashburn", { silent: "ashburn-1" }, "203.0.113.21"],
    ["all public silent: public stays public", "ashburn", { silent: "ashburn-1 dublin-1" }, "203.0.113.1"],
    ["no edge, first public silent", "", { silent: "ashburn-1" }, "203.0.113.21"],
    ["no edge, all public silent: private", "", { silent: "ashburn-1 dublin-1" }, ashburnIx],
    ["no edge, all silent", "", { silent: everybody }, "203.0.113.1"],
    [
      "roaming leaves the silent out",
      "roaming",
      { silent: "ashburn-ix-2 london-ix-1" },
      "198.51.100.1 198.51.100.11",
    ],
    ["roaming, all silent", "roaming", { silent: everybody }, `${ashburnIx} ${sanJoseIx} ${londonIx}`],
  ];
  for (const [what, place, circumstances, addresses] of table) {
    test(`${what} (${place || "generic"})`, () => assert.equal(addressesOf(place, circumstances), addresses));
  }

  test("each address of a set is the first equally often", () => {
    assert.equal(addressesOf("ashburn-ix", { random: 0.49 }), ashburnIx);
    assert.equal(addressesOf("ashburn-ix", { random: 0.5 }), "198.51.100.2 198.51.100.1");
    assert.equal(addressesOf("ashburn-ix", { random: 0.999 }), "198.51.100.2 198.51.100.1");
  });

  test("another edge of the same region comes before another region", () => {
    const zone = exampleZone();
    const edges = [
      ...zone.edges,
      { name: "reston-ix", legacyId: "us1b-ix", region: "us1", kind: "private" as const },
    ];
    const gateways = [...zone.gateways, exampleGateway("reston-ix", 1, "private", "198.51.100.31")];
    const silent = "ashburn-ix-1 ashburn-ix-2";
    assert.equal(addressesOf("ashburn-ix", { zone: { ...zone, edges, gateways }, silent }), "198.51.100.31");
  });

  test("where nobody described the regions, the others take over as they come", () => {
    const zone = exampleZone({ regions: [] });
    assert.equal(addressesOf("ashburn-ix", { zone, silent: "ashburn-ix-1 ashburn-ix-2" }), londonIx);
  });

  test("only interfaces of the edge's kind count, and only real addresses", () => {
    const gateway = {
      name: "ashburn-ix-1",
      edge: "Ashburn-IX",
      interfaces: [
        exampleInterface("public", "203.0.113.99"),
        exampleInterface("backbone", "10.0.0.1"),
        exampleInterface("private", "0.0.0.0"),
        exampleInterface("private", "::"),
        exampleInterface("private", "customers.example"),
        exampleInterface("private", "198.51.100.7"),
        exampleInterface("private", "198.51.100.7"),
        exampleInterface("private", "2001:db8::7"),
      ],
    };
    const zone = exampleZone({ gateways: [gateway] });
    assert.equal(addressesOf("ashburn-ix", { zone }), "198.51.100.7");
    const six = answerTo("office.pstn.ashburn-ix.tandem.test", recordTypes.AAAA, { zone }).answers;
    assert.deepEqual(six.map(recordText), ["AAAA 2001:db8:0:0:0:0:0:7"]);
  });

  test("an edge without IPv6 has no AAAA, rather than another region's", () => {
    assert.deepEqual(answerTo("office.pstn.ashburn-ix.tandem.test", recordTypes.AAAA).answers, []);
  });

  test("an edge without gateways is a dead one", () => {
    const zone = exampleZone();
    const gateways = zone.gateways.filter((gateway) => gateway.edge !== "ashburn-ix");
    assert.equal(addressesOf("ashburn-ix", { zone: { ...zone, gateways } }), sanJoseIx);
    assert.equal(addressesOf("ashburn-ix", { zone: { ...zone, gateways: [] } }), "");
  });
});

describe("SRV", () => {
  test("the named edge first, the next regions' after it, gateways of an edge on one level", () => {
    assert.deepEqual(targetsOf("ashburn-ix"), [
      "10 ashburn-ix-1",
      "10 ashburn-ix-2",
      "20 san-jose-ix-1",
      "30 london-ix-1",
    ]);
    assert.deepEqual(targetsOf("us2-ix"), [
      "10 san-jose-ix-1",
      "20 ashburn-ix-1",
      "20 ashburn-ix-2",
      "30 london-ix-1",
    ]);
  });

  test("public stays public; the generic form has both, public first", () => {
    assert.deepEqual(targetsOf("dublin"), ["10 dublin-1", "20 ashburn-1"]);
    assert.deepEqual(targetsOf(""), [
      "10 ashburn-1",
      "20 dublin-1",
      "30 ashburn-ix-1",
      "30 ashburn-ix-2",
      "40 san-jose-ix-1",
    ]);
  });

  test("roaming: all private gateways on one level, with one weight", () => {
    const name = "_sip._udp.office.pstn.roaming.tandem.test";
    const { answers } = answerTo(name, recordTypes.SRV);
    assert.deepEqual(
      answers.map(({ data }) => data.type === "SRV" && [data.priority, data.weight]),
      [
        [10, 10],
        [10, 10],
        [10, 10],
        [10, 10],
      ],
    );
  });

  test("the silent and the draining are left out while others live, and all stand there when none does", () => {
    assert.deepEqual(targetsOf("ashburn-ix", { silent: "ashburn-ix-1", draining: "san-jose-ix-1" }), [
      "10 ashburn-ix-2",
      "20 london-ix-1",
    ]);
    assert.deepEqual(targetsOf("ashburn-ix", { silent: "ashburn-ix-1 ashburn-ix-2" }), [
      "10 san-jose-ix-1",
      "20 london-ix-1",
    ]);
    assert.equal(targetsOf("ashburn-ix", { silent: everybody }).length, 4);
  });

  test("ports and targets are those of the transport; addresses of the targets come along", () => {
    const zone = exampleZone({
      gateways: [
        {
          name: "ashburn-ix-1",
          edge: "ashburn-ix",
          interfaces: [
            exampleInterface("private", "198.51.100.1", { udpPort: 5070, tcpPort: 5071, tlsPort: 5072 }),
            exampleInterface("private", "2001:db8::1", { udpPort: 5070, tcpPort: 5071, tlsPort: 5072 }),
          ],
        },
        {
          name: "ashburn-ix-2",
          edge: "ashburn-ix",
          interfaces: [exampleInterface("private", "198.51.100.2", { tcpPort: null, tlsPort: null })],
        },
      ],
    });
    const ask = (service: string) =>
      answerTo(`${service}.office.pstn.ashburn-ix.tandem.test`, recordTypes.SRV, { zone });
    const first = "ashburn-ix-1.gw.ashburn-ix.tandem.test";
    const second = "ashburn-ix-2.gw.ashburn-ix.tandem.test";
    const udp = ask("_sip._udp");
    assert.deepEqual(udp.answers.map(recordText), [`SRV 10 10 5070 ${first}`, `SRV 10 10 5060 ${second}`]);
    assert.deepEqual(
      udp.additionals.map((record) => `${record.owner} ${recordText(record)}`),
      [`${first} A 198.51.100.1`, `${first} AAAA 2001:db8:0:0:0:0:0:1`, `${second} A 198.51.100.2`],
    );
    assert.deepEqual(ask("_sip._tcp").answers.map(recordText), [`SRV 10 10 5071 ${first}`]);
    assert.deepEqual(ask("_sips._tcp").answers.map(recordText), [`SRV 10 10 5072 ${first}`]);
  });

  test("at most four edges stand in one answer: the first that live", () => {
    assert.equal(maximumSrvTiers, 4);
    const numbers = [1, 2, 3, 4, 5, 6];
    const zone = exampleZone({
      regions: [],
      edges: numbers.map((n) => ({
        name: `e${n}`,
        legacyId: `l${n}`,
        region: `r${n}`,
        kind: "private" as const,
      })),
      gateways: numbers.map((n) => exampleGateway(`e${n}`, 1, "private", `198.51.100.${n}`)),
    });
    assert.deepEqual(targetsOf("e1", { zone }), ["10 e1-1", "20 e2-1", "30 e3-1", "40 e4-1"]);
    assert.deepEqual(targetsOf("e1", { zone, silent: "e1-1 e3-1" }), [
      "10 e2-1",
      "20 e4-1",
      "30 e5-1",
      "40 e6-1",
    ]);
  });
});

describe("NAPTR", () => {
  test("TLS, TCP, UDP in this order, each with the name of its SRV records", () => {
    const name = "office.pstn.us1-ix.tandem.test";
    assert.deepEqual(answerTo(name, recordTypes.NAPTR).answers.map(recordText), [
      `NAPTR 10 50 SIPS+D2T _sips._tcp.${name}`,
      `NAPTR 20 50 SIP+D2T _sip._tcp.${name}`,
      `NAPTR 30 50 SIP+D2U _sip._udp.${name}`,
    ]);
  });

  test("a transport that no gateway of the name serves is not told", () => {
    const interfaces = [exampleInterface("private", "198.51.100.1", { tlsPort: null })];
    const zone = exampleZone({ gateways: [{ name: "g", edge: "ashburn-ix", interfaces }] });
    const { answers } = answerTo("office.pstn.us1-ix.tandem.test", recordTypes.NAPTR, { zone });
    assert.deepEqual(
      answers.map(({ data }) => data.type === "NAPTR" && data.service),
      ["SIP+D2T", "SIP+D2U"],
    );
  });
});

describe("the other names", () => {
  test("the base domain has SOA and NS, with addresses of the name servers inside", () => {
    const soa = answerTo("tandem.test", recordTypes.SOA).answers;
    assert.deepEqual(soa.map(recordText), [
      "SOA ns1.tandem.test hostmaster.tandem.test 99 3600 600 604800 30",
    ]);
    const { answers, additionals } = answerTo("tandem.test", recordTypes.NS);
    assert.deepEqual(answers.map(recordText), ["NS ns1.tandem.test", "NS ns2.example.net"]);
    assert.deepEqual(
      additionals.map((record) => `${record.owner} ${recordText(record)}`),
      ["ns1.tandem.test A 192.0.2.53", "ns1.tandem.test AAAA 2001:db8:0:0:0:0:0:53"],
    );
    assert.deepEqual(answerTo("tandem.test", recordTypes.A).answers, []);
  });

  test("a gateway's host name has its addresses, dead or alive", () => {
    const name = "ashburn-ix-2.gw.ashburn-ix.tandem.test";
    assert.deepEqual(
      answerTo(name, recordTypes.A, { silent: everybody.replace("ashburn-ix-1", "") }).answers,
      [{ owner: name, ttlSeconds: 30, data: { type: "A", address: 0xc6336402 } }],
    );
    assert.deepEqual(answerTo(name, recordTypes.SRV).answers, []);
  });

  test("a name server's name has its addresses", () => {
    assert.deepEqual(answerTo("ns1.tandem.test", recordTypes.A).answers.map(recordText), ["A 192.0.2.53"]);
    assert.deepEqual(answerTo("ns1.tandem.test", recordTypes.AAAA).answers.map(recordText), [
      "AAAA 2001:db8:0:0:0:0:0:53",
    ]);
    assert.deepEqual(answerTo("ns1.tandem.test", recordTypes.NAPTR).answers, []);
  });

  test("ANY gets as little as can be said (RFC 8482), and nothing where there is nothing", () => {
    for (const name of ["tandem.test", "office.pstn.tandem.test", "_sip._udp.office.pstn.tandem.test"]) {
      assert.deepEqual(answerTo(name, 255).answers.map(recordText), ["HINFO RFC8482 "]);
    }
    assert.deepEqual(answerTo("pstn.tandem.test", 255).answers, []);
  });

  test("types that a name does not have", () => {
    for (const type of [recordTypes.SRV, recordTypes.NS, recordTypes.SOA, recordTypes.HINFO, 5, 16, 46]) {
      assert.deepEqual(answerTo("office.pstn.tandem.test", type).answers, [], String(type));
    }
    assert.deepEqual(answerTo("_sip._udp.office.pstn.tandem.test", recordTypes.A).answers, []);
    assert.deepEqual(answerTo("pstn.tandem.test", recordTypes.A).answers, []);
  });
});
