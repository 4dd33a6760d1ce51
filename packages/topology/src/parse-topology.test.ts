import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { faultText } from "./fault.ts";
import { maximumTopologyCharacters, parseTopology } from "./parse-topology.ts";

/** A whole topology that nothing is wrong with, on purpose not at the beginning of the line. */
const sound = `formatVersion: 1
baseDomain: tandem.test
nameServers: [192.0.2.53]
signaling: { ports: { udp: 5060, tcp: 5060, tls: null } }
media:
  network: 198.51.100.0/24
  ports: { first: 10000, last: 19999 }
  clientPorts: { first: 1024, last: 65535 }
  edges:
    - { edge: north-ix, source: operator }
    - { edge: roaming, source: operator }
roaming: { name: roaming, legacyId: gll-ix }
regions:
  - { name: n1, fallback: [s1], source: operator }
  - { name: s1, fallback: [], source: operator }
exchanges:
  - name: north
    place: North
    source: operator
    bgpPrefixes:
      - { prefix: 192.0.2.0/25, maximumLength: 32 }
    encryptionDomain: [192.0.2.0/25]
  - { name: south, place: South, source: operator, encryptionDomain: [203.0.113.0/24] }
edges:
  - name: north-ix
    legacyId: n1-ix
    region: n1
    kind: private
    exchange: north
    signaling: [192.0.2.1, 192.0.2.8/30]
    source: operator
  - name: south
    legacyId: s1
    region: s1
    kind: public
    signaling: ["2001:db8::/126"]
    source: operator
gateways:
  - { name: gw-1, edge: north-ix, address: 192.0.2.9 }
`;

function faultsOf(text: string): readonly string[] {
  const result = parseTopology(text);
  return result.ok ? [] : result.faults.map((fault) => faultText("t.yaml", fault));
}

/** Replaces what stands exactly once in the sound text. */
function changed(from: string, to: string): string {
  assert.equal(sound.split(from).length, 2, `${from} stands once`);
  return sound.replace(from, () => to);
}

describe("parseTopology", () => {
  it("reads a sound file", () => {
    assert.deepEqual(faultsOf(sound), []);
    const result = parseTopology(sound);
    assert.ok(result.ok);
    assert.equal(result.topology.edges[0]?.exchange, "north");
  });

  it("reads JSON", () => {
    const result = parseTopology(sound);
    assert.ok(result.ok);
    assert.deepEqual(parseTopology(JSON.stringify(result.topology)), result);
  });

  for (const name of ["reference", "loopback"]) {
    it(`the ${name} topology is sound`, () => {
      const file = new URL(`../../../topology/${name}.yaml`, import.meta.url);
      assert.deepEqual(faultsOf(readFileSync(file, "utf8")), []);
    });
  }

  const cases: readonly (readonly [rule: string, from: string, to: string, ...faults: string[]])[] = [
    ["YAML", "signaling: {", "signaling: [", "t.yaml:4:57: Flow sequence"],
    ["a member twice", "baseDomain: tandem.test", "formatVersion: 1", "t.yaml:2:1: Map keys must be unique"],
    [
      "a missing member",
      "baseDomain: tandem.test\n",
      "",
      "t.yaml:1:1: /: must have required properties baseDomain",
    ],
    ["a wrong type", "first: 10000", "first: ten", "t.yaml:7:19: /media/ports/first: must be integer"],
    [
      "a misspelt member",
      "    legacyId: n1-ix",
      "    legacyID: n1-ix",
      "t.yaml:25:5: /edges/0: must have required",
      "t.yaml:26:15: /edges/0/legacyID: there is no such member",
    ],
    [
      "an unknown kind",
      "kind: private",
      "kind: secret",
      "t.yaml:28:11: /edges/0/kind: must be one of private, public",
    ],
    [
      "two regions of one name",
      "name: s1, fallback: []",
      "name: n1, fallback: []",
      "t.yaml:14:28: /regions/0/fallback/0: there is no region s1",
      "t.yaml:15:13: /regions/1/name: region n1 is there already, at /regions/0/name",
      "t.yaml:34:13: /edges/1/region: there is no region s1",
    ],
    [
      "an unknown fallback",
      "fallback: [s1]",
      "fallback: [x1]",
      "t.yaml:14:28: /regions/0/fallback/0: there is no region x1",
    ],
    [
      "a region falling back to itself",
      "fallback: [s1]",
      "fallback: [s1, n1]",
      "t.yaml:14:32: /regions/0/fallback/1: n1 cannot take over for itself",
    ],
    [
      "a fallback twice",
      "fallback: [s1]",
      "fallback: [s1, s1]",
      "t.yaml:14:32: /regions/0/fallback/1: s1 stands in the list already",
    ],
    [
      "two exchanges of one name",
      "name: south, place",
      "name: north, place",
      "t.yaml:23:13: /exchanges/1/name: exchange north is there already, at /exchanges/0/name",
    ],
    [
      "a prefix with host bits",
      "prefix: 192.0.2.0/25",
      "prefix: 192.0.2.1/25",
      "t.yaml:21:19: /exchanges/0/bgpPrefixes/0/prefix: 192.0.2.1/25 is no network",
    ],
    [
      "a prefix that is shorter than its own parts",
      "maximumLength: 32",
      "maximumLength: 24",
      "t.yaml:21:48: /exchanges/0/bgpPrefixes/0/maximumLength: 24 is no prefix length of a part of 192.0.2.0/25",
    ],
    [
      "a prefix that is too long for its family",
      "maximumLength: 32",
      "maximumLength: 33",
      "t.yaml:21:48: /exchanges/0/bgpPrefixes/0/maximumLength: 33",
    ],
    [
      "overlapping encryption domains",
      "encryptionDomain: [203.0.113.0/24]",
      "encryptionDomain: [192.0.2.64/26]",
      "t.yaml:23:71: /exchanges/1/encryptionDomain/0: 192.0.2.64/26 overlaps 192.0.2.0/25 of exchange north",
    ],
    [
      "two edges of one name",
      "  - name: south\n",
      "  - name: north-ix\n",
      "t.yaml:32:11: /edges/1/name: edge north-ix is there already, at /edges/0/name",
    ],
    [
      "two edges of one legacy id",
      "legacyId: s1",
      "legacyId: n1-ix",
      "t.yaml:33:15: /edges/1/legacyId: edge n1-ix is there already, at /edges/0/legacyId",
    ],
    [
      "a legacy id that is another's name",
      "legacyId: s1",
      "legacyId: north-ix",
      "t.yaml:33:15: /edges/1/legacyId: edge north-ix is there already, at /edges/0/name",
    ],
    [
      "an edge with the name of the pseudo-edge",
      "  - name: south\n",
      "  - name: gll-ix\n",
      "t.yaml:32:11: /edges/1/name: edge gll-ix is there already, at /roaming/legacyId",
    ],
    ["an unknown region", "region: n1", "region: x1", "t.yaml:27:13: /edges/0/region: there is no region x1"],
    [
      "an unknown exchange",
      "exchange: north",
      "exchange: west",
      "t.yaml:29:15: /edges/0/exchange: there is no exchange west",
    ],
    [
      "a private edge without an exchange",
      "    exchange: north\n",
      "",
      "t.yaml:25:5: /edges/0: private edge north-ix needs an exchange",
    ],
    [
      "a public edge at an exchange",
      "kind: public\n",
      "kind: public\n    exchange: south\n",
      "t.yaml:36:15: /edges/1/exchange: public edge south stands at no exchange",
    ],
    [
      "an edge that serves nothing",
      "kind: public\n",
      "kind: public\n    ports: { udp: null, tcp: null, tls: null }\n",
      "t.yaml:36:5: /edges/1/ports: edge south serves no transport",
    ],
    [
      "an address that is none",
      "[192.0.2.1, ",
      "[192.0.2.256, ",
      "t.yaml:30:17: /edges/0/signaling/0: 192.0.2.256 is neither an address nor a network",
    ],
    [
      "a network with host bits",
      "192.0.2.8/30",
      "192.0.2.9/30",
      "t.yaml:30:28: /edges/0/signaling/1: 192.0.2.9/30 is neither",
      "t.yaml:39:44: /gateways/0/address: 192.0.2.9 is no",
    ],
    [
      "IPv4 in IPv6's clothes",
      '"2001:db8::/126"',
      '"::ffff:192.0.2.1"',
      "t.yaml:36:17: /edges/1/signaling/0: ::ffff:192.0.2.1 is neither",
    ],
    [
      "an address of two edges",
      '"2001:db8::/126"',
      "192.0.2.1",
      "t.yaml:36:17: /edges/1/signaling/0: 192.0.2.1 is an address of edge north-ix",
    ],
    [
      "an address in another edge's network",
      '"2001:db8::/126"',
      "192.0.2.11",
      "t.yaml:36:17: /edges/1/signaling/0: 192.0.2.11 overlaps 192.0.2.8/30 of edge north-ix",
    ],
    [
      "an address twice in one edge",
      "192.0.2.8/30",
      "192.0.2.1/32",
      "t.yaml:30:28: /edges/0/signaling/1: 192.0.2.1/32 overlaps 192.0.2.1 of edge north-ix",
      "t.yaml:39:44: /gateways/0/address: 192.0.2.9 is no signaling address",
    ],
    [
      "an address that the exchange does not announce",
      "[192.0.2.1, ",
      "[192.0.2.129, ",
      "t.yaml:30:17: /edges/0/signaling/0: 192.0.2.129 is in no prefix that exchange north announces",
    ],
    [
      "an odd first media port",
      "first: 10000",
      "first: 10001",
      "t.yaml:7:19: /media/ports/first: 10001 is odd",
    ],
    [
      "no pair of media ports",
      "last: 19999",
      "last: 10000",
      "t.yaml:7:3: /media/ports: 10000 to 10000 holds no pair of ports",
    ],
    [
      "no client port",
      "first: 1024, last: 65535",
      "first: 1024, last: 1023",
      "t.yaml:8:3: /media/clientPorts: 1024 to 1023 holds no port",
    ],
    [
      "a media network that is none",
      "198.51.100.0/24",
      "198.51.100.1/24",
      "t.yaml:6:12: /media/network: 198.51.100.1/24 is no network",
    ],
    [
      "media of an unknown edge",
      "edge: north-ix, source",
      "edge: west-ix, source",
      "t.yaml:10:15: /media/edges/0/edge: there is no edge west-ix",
    ],
    [
      "media of an edge twice",
      "edge: roaming, source",
      "edge: north-ix, source",
      "t.yaml:11:15: /media/edges/1/edge: edge north-ix stands in the list already",
    ],
    [
      "a name server that is a network",
      "192.0.2.53",
      "192.0.2.0/24",
      "t.yaml:3:15: /nameServers/0: 192.0.2.0/24 is no address",
    ],
    [
      "a gateway of an unknown edge",
      "edge: north-ix, address",
      "edge: west-ix, address",
      "t.yaml:39:25: /gateways/0/edge: there is no edge west-ix",
    ],
    [
      "a gateway at a foreign address",
      "address: 192.0.2.9",
      "address: 192.0.2.2",
      "t.yaml:39:44: /gateways/0/address: 192.0.2.2 is no signaling address of edge north-ix",
    ],
    [
      "two gateways at one address",
      "address: 192.0.2.9 }\n",
      "address: 192.0.2.9 }\n  - { name: gw-1, edge: north-ix, address: 192.0.2.9 }\n",
      "t.yaml:40:13: /gateways/1/name: gateway gw-1 is there already",
      "t.yaml:40:44: /gateways/1/address: another gateway has 192.0.2.9",
    ],
  ];
  for (const [rule, from, to, ...faults] of cases) {
    it(`refuses ${rule}, with the place`, () => {
      const found = faultsOf(changed(from, to));
      assert.equal(found.length, faults.length, found.join("\n"));
      for (const [index, beginning] of faults.entries()) {
        assert.ok(found[index]?.startsWith(beginning), `${found[index]} does not begin with ${beginning}`);
      }
    });
  }

  it("names fifty faults at most, the first ones", () => {
    const regions = Array.from({ length: 51 }, () => "x1").join(", ");
    const found = faultsOf(changed("fallback: [s1]", `fallback: [${regions}]`));
    assert.equal(found.length, 50);
    assert.match(found[0] ?? "", /fallback\/0:/);
    assert.match(found[49] ?? "", /fallback\/49:/);
  });

  it("takes a file of the greatest length and none that is longer", () => {
    const filled = sound + "#".repeat(maximumTopologyCharacters - sound.length);
    assert.deepEqual(faultsOf(filled), []);
    assert.deepEqual(faultsOf(`${filled}#`), ["t.yaml:1:1: the file has more than 1000000 characters"]);
  });

  it("refuses aliases that grow into a mountain", () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
`;
    assert.match(faultsOf(bomb)[0] ?? "", /^t\.yaml:1:1: Excessive alias count/);
  });

  it("an empty file is no topology", () => assert.match(faultsOf("")[0] ?? "", /^t\.yaml:1:1: \//));
});
