/** Every form of a name, asked of the real program with dig, over UDP and TCP. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exampleZone } from "../src/testing/example-zone.ts";
import { dig, digIsMissing } from "./dig.ts";
import { NameServerProgram } from "./name-server-program.ts";

let server: NameServerProgram;
before(async () => {
  server = await NameServerProgram.start({ address: "127.0.155.1", zone: exampleZone() });
});
after(() => server.remove());

const ashburnIx = ["A 198.51.100.1", "A 198.51.100.2"];
const sanJoseIx = ["A 198.51.100.11"];
const londonIx = ["A 198.51.100.21"];
const ashburn = ["A 203.0.113.1"];
const dublin = ["A 203.0.113.21"];
const allPrivate = [...ashburnIx, ...sanJoseIx, ...londonIx].sort();

const forms: [name: string, addresses: string[]][] = [
  ["office.pstn.ashburn-ix.tandem.test", ashburnIx],
  ["office.pstn.us1-ix.tandem.test", ashburnIx],
  ["office.pstn.san-jose-ix.tandem.test", sanJoseIx],
  ["office.pstn.us2-ix.tandem.test", sanJoseIx],
  ["office.pstn.london-ix.tandem.test", londonIx],
  ["office.pstn.ie1-ix.tandem.test", londonIx],
  ["office.pstn.ashburn.tandem.test", ashburn],
  ["office.pstn.us1.tandem.test", ashburn],
  ["office.pstn.dublin.tandem.test", dublin],
  ["office.pstn.ie1.tandem.test", dublin],
  ["office.pstn.tandem.test", ashburn],
  ["office.pstn.roaming.tandem.test", allPrivate],
  ["office.pstn.gll-ix.tandem.test", allPrivate],
  ["office.pstn.gll.tandem.test", [...ashburn, ...dublin]],
  ["branch.office.pstn.us1-ix.tandem.test", ashburnIx],
  ["a.b.deep.pstn.tandem.test", ashburn],
  ["ashburn-ix-2.gw.ashburn-ix.tandem.test", ["A 198.51.100.2"]],
  ["ns1.tandem.test", ["A 192.0.2.53"]],
];

describe("addresses", { skip: digIsMissing }, () => {
  for (const [name, addresses] of forms) {
    for (const transport of ["+notcp", "+tcp"]) {
      test(`${name} ${transport}`, async () => {
        const digged = await dig(server.socket, name, "A", transport);
        assert.equal(digged.status, "NOERROR", digged.text);
        assert.ok(digged.flags.includes("aa") && !digged.flags.includes("ra"), digged.text);
        assert.deepEqual(digged.answers, addresses);
      });
    }
  }

  test("the case of the question comes back (0x20)", async () => {
    const { answerLines } = await dig(server.socket, "oFFice.PSTN.us1-IX.tAndem.tesT", "A");
    assert.match(answerLines[0] ?? "", /^oFFice\.PSTN\.us1-IX\.tAndem\.tesT\. 30 IN A /);
  });
});

describe("SRV and NAPTR", { skip: digIsMissing }, () => {
  for (const transport of ["+notcp", "+tcp"]) {
    test(`SRV names the edge's gateways first, and their addresses ${transport}`, async () => {
      const name = "_sip._udp.office.pstn.us1-ix.tandem.test";
      const { answers, additionals } = await dig(server.socket, name, "SRV", transport);
      assert.deepEqual(answers, [
        "SRV 10 10 5060 ashburn-ix-1.gw.ashburn-ix.tandem.test.",
        "SRV 10 10 5060 ashburn-ix-2.gw.ashburn-ix.tandem.test.",
        "SRV 20 10 5060 san-jose-ix-1.gw.san-jose-ix.tandem.test.",
        "SRV 30 10 5060 london-ix-1.gw.london-ix.tandem.test.",
      ]);
      assert.deepEqual(additionals.toSorted(), [
        "ashburn-ix-1.gw.ashburn-ix.tandem.test. 30 IN A 198.51.100.1",
        "ashburn-ix-2.gw.ashburn-ix.tandem.test. 30 IN A 198.51.100.2",
        "london-ix-1.gw.london-ix.tandem.test. 30 IN A 198.51.100.21",
        "san-jose-ix-1.gw.san-jose-ix.tandem.test. 30 IN A 198.51.100.11",
      ]);
    });
  }

  test("each service has its port", async () => {
    const ports = async (service: string) => {
      const { answers } = await dig(server.socket, `${service}.office.pstn.dublin.tandem.test`, "SRV");
      return answers.map((answer) => answer.split(" ")[3]);
    };
    assert.deepEqual(await ports("_sip._tcp"), ["5060", "5060"]);
    assert.deepEqual(await ports("_sips._tcp"), ["5061", "5061"]);
  });

  test("NAPTR prefers TLS, then TCP, then UDP", async () => {
    const { answers } = await dig(server.socket, "office.pstn.london-ix.tandem.test", "NAPTR");
    assert.deepEqual(answers, [
      'NAPTR 10 50 "s" "SIPS+D2T" "" _sips._tcp.office.pstn.london-ix.tandem.test.',
      'NAPTR 20 50 "s" "SIP+D2T" "" _sip._tcp.office.pstn.london-ix.tandem.test.',
      'NAPTR 30 50 "s" "SIP+D2U" "" _sip._udp.office.pstn.london-ix.tandem.test.',
    ]);
  });

  test("roaming has all private gateways on one level", async () => {
    const { answers } = await dig(server.socket, "_sip._udp.office.pstn.roaming.tandem.test", "SRV");
    assert.deepEqual(
      answers.map((answer) => answer.split(" ").slice(1, 3).join(" ")),
      ["10 10", "10 10", "10 10", "10 10"],
    );
  });
});

describe("the zone", { skip: digIsMissing }, () => {
  test("SOA and NS at the base domain", async () => {
    const soa = await dig(server.socket, "tandem.test", "SOA");
    assert.match(
      soa.answerLines[0] ?? "",
      /^tandem\.test\. 30 IN SOA ns1\.tandem\.test\. hostmaster\.tandem\.test\. \d+ 3600 600 604800 30$/,
    );
    const ns = await dig(server.socket, "tandem.test", "NS");
    assert.deepEqual(ns.answers, ["NS ns1.tandem.test.", "NS ns2.example.net."]);
    assert.deepEqual(ns.additionals, [
      "ns1.tandem.test. 3600 IN A 192.0.2.53",
      "ns1.tandem.test. 3600 IN AAAA 2001:db8::53",
    ]);
  });

  const negative: [what: string, name: string, type: string, status: string][] = [
    ["an unknown trunk", "nobody.pstn.ashburn-ix.tandem.test", "A", "NXDOMAIN"],
    ["an unknown edge", "office.pstn.atlantis.tandem.test", "A", "NXDOMAIN"],
    ["a type that is not there", "office.pstn.ashburn-ix.tandem.test", "AAAA", "NOERROR"],
    ["an alias: there are none", "office.pstn.ashburn-ix.tandem.test", "CNAME", "NOERROR"],
    ["a name with names below it only", "pstn.tandem.test", "A", "NOERROR"],
    ["one inside a trunk's label", "b.deep.pstn.tandem.test", "A", "NOERROR"],
  ];
  for (const [what, name, type, status] of negative) {
    test(`${what} is ${status === "NOERROR" ? "NODATA" : status}, with the SOA`, async () => {
      const digged = await dig(server.socket, name, type);
      assert.deepEqual([digged.status, digged.answers], [status, []]);
      assert.ok(digged.flags.includes("aa"));
      assert.match(digged.authorities[0] ?? "", /^tandem\.test\. 30 IN SOA .* 30$/);
    });
  }

  const refused: [what: string, name: string, type: string, options: string[], status: string][] = [
    ["another zone", "example.com", "A", [], "REFUSED"],
    ["a transfer", "tandem.test", "AXFR", ["+tcp"], "REFUSED"],
    ["CHAOS", "version.bind", "TXT", ["-c", "CH"], "REFUSED"],
    ["NOTIFY", "tandem.test", "SOA", ["+opcode=NOTIFY"], "NOTIMP"],
    ["UPDATE", "tandem.test", "SOA", ["+opcode=UPDATE"], "NOTIMP"],
    ["a later EDNS", "tandem.test", "SOA", ["+edns=1", "+noednsnegotiation"], "BADVERS"],
  ];
  for (const [what, name, type, options, status] of refused) {
    test(`${what} is refused`, async () => {
      const digged = await dig(server.socket, name, type, ...options);
      // dig shows a refused transfer in words.
      const isSo = digged.status === status || (status === "REFUSED" && /Transfer failed/.test(digged.text));
      assert.ok(isSo, digged.text);
      assert.deepEqual([digged.answers, digged.authorities], [[], []]);
    });
  }

  test("ANY gets the least that can be said", async () => {
    const { answers } = await dig(server.socket, "office.pstn.tandem.test", "ANY", "+notcp");
    assert.deepEqual(answers, ['HINFO "RFC8482" ""']);
  });
});
