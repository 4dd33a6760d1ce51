import assert from "node:assert/strict";
import { test } from "node:test";
import type { Placement } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import { parseCandidateUri, RoutingTable } from "@tandem/routing";
import { exampleCarrier, exampleGateway, exampleSnapshot } from "../testing/example-snapshot.ts";
import { apartFromCarriers, isCarrierDoor } from "./carrier-door.ts";
import { literalAddress } from "./egress-ways.ts";

function uriOf(text: string) {
  const parsed = parseCandidateUri(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

function tableWith(...sipUrls: string[]): RoutingTable {
  const gateways = sipUrls.map((sipUrl) => exampleGateway({ sipUrl }));
  return RoutingTable.from(exampleSnapshot({ carriers: [exampleCarrier({ gateways })] }));
}

const doors = tableWith("sip:203.0.113.7:5070", "sip:sbc.carrier.example", "sip:[2001:db8::7]");

const cases: readonly (readonly [rule: string, uri: string, isDoor: boolean])[] = [
  ["its address and port", "sip:+1999@203.0.113.7:5070", true],
  ["its address, and whatever port DNS would say", "sip:203.0.113.7", true],
  ["the usual ports beside its own", "sip:203.0.113.7:5060", true],
  ["and that of TLS", "sip:203.0.113.7:5061;transport=tls", true],
  ["another program on its host", "sip:203.0.113.7:5080", false],
  ["another host", "sip:203.0.113.8:5070", false],
  ["its name", "sip:+1999@SBC.carrier.example", true],
  ["another name", "sip:carrier.example", false],
  ["its IPv6 address, written another way", "sip:[2001:DB8:0:0::7]", true],
  ["another one", "sip:[2001:db8::8]", false],
];

for (const [rule, text, isDoor] of cases) {
  test(`where a carrier takes calls: ${rule}`, () => {
    const uri = uriOf(text);
    assert.equal(isCarrierDoor(doors, uri, literalAddress({ uri })), isDoor);
  });
}

test("a carrier whose gateway is a name is known by where its calls come from", () => {
  const named = (sipUrl: string) =>
    RoutingTable.from(
      exampleSnapshot({
        carriers: [
          exampleCarrier({ sourceNetworks: ["203.0.113.0/24"], gateways: [exampleGateway({ sipUrl })] }),
        ],
      }),
    );
  const rows: readonly (readonly [door: string, uri: string, isDoor: boolean])[] = [
    ["sip:sbc.carrier.example:5070", "sip:+1999@203.0.113.9", true],
    ["sip:sbc.carrier.example:5070", "sip:+1999@203.0.113.9:5070", true],
    ["sip:sbc.carrier.example:5070", "sip:+1999@203.0.113.9:5080", false],
    ["sip:sbc.carrier.example", "sip:+1999@198.51.100.9", false],
    ["sip:203.0.113.7", "sip:+1999@203.0.113.9", false],
  ];
  for (const [door, text, isDoor] of rows) {
    const uri = uriOf(text);
    assert.equal(isCarrierDoor(named(door), uri, literalAddress({ uri })), isDoor, `${text} beside ${door}`);
  }
});

test("a name is judged by each of its addresses, an address at once", () => {
  const place = { ok: true, place: {} } as Placement;
  const asked: (string | undefined)[] = [];
  const inner = (address: string | undefined) => {
    asked.push(address);
    return place;
  };
  const named = apartFromCarriers(doors, uriOf("sip:+1999@alias.example"), reasons.redirectFailed, inner);
  assert.equal(named(undefined, false), undefined);
  assert.equal(named("192.0.2.30", false), place);
  const refused = named("203.0.113.7", false);
  assert.ok(refused?.ok === false);
  assert.deepEqual([refused.reason, refused.mayBeTriedLast], [reasons.redirectFailed, false]);
  assert.deepEqual(asked, [undefined, "192.0.2.30"]);
  const numeric = apartFromCarriers(doors, uriOf("sip:192.0.2.30"), reasons.redirectFailed, inner);
  assert.equal(numeric(undefined, false), place);
});

test("an objection that holds for every address is told before locating", () => {
  const dead = { ok: false, reason: reasons.connectionDown } as Placement;
  const placeOf = apartFromCarriers(doors, uriOf("sip:alias.example"), reasons.redirectFailed, () => dead);
  assert.equal(placeOf(undefined, false), dead);
});
