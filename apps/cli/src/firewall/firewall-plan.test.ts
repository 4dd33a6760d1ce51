import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FirewallPlan, type FirewallRule, validator } from "@tandem/contracts";
import { sampleRanges } from "../testing/sample-ranges.ts";
import { firewallPlanOf } from "./firewall-plan.ts";

const port = (first: number, last = first) => ({ first, last });

/** `in udp exchange 5060 > client any reply`, for reading. */
function textOf({
  direction,
  protocol,
  fromExchange,
  exchangePorts,
  clientPorts,
  isReply,
}: FirewallRule): string {
  const ports = (given: typeof exchangePorts) => (given === null ? "any" : `${given.first}-${given.last}`);
  const sides = [`exchange ${ports(exchangePorts)}`, `client ${ports(clientPorts)}`];
  const path = (fromExchange ? sides : sides.reverse()).join(" > ");
  return `${direction} ${protocol} ${path}${isReply ? " reply" : ""}`;
}

describe("firewallPlanOf", () => {
  it("has a set for each family and choice of ports, each network and edge once", () => {
    assert.deepEqual(firewallPlanOf([...sampleRanges, ...sampleRanges], "customer").sets, [
      {
        name: "signaling",
        family: 4,
        networks: ["192.0.2.1/32", "192.0.2.2/32", "203.0.113.4/30"],
        edges: ["north-ix", "west"],
      },
      { name: "signaling-v6", family: 6, networks: ["2001:db8::/48"], edges: ["south"] },
      { name: "media", family: 4, networks: ["198.51.100.0/24"], edges: ["north-ix", "south"] },
    ]);
  });

  it("lets either side open signaling, and media flow both ways between the two port ranges", () => {
    const rules = firewallPlanOf(sampleRanges, "customer").rules;
    const of = (set: string) => rules.filter((rule) => rule.set === set).map(textOf);
    assert.deepEqual(of("signaling"), [
      "out udp client any > exchange 5060-5060",
      "in udp exchange 5060-5060 > client 5060-5060",
      "in udp exchange 5060-5060 > client any reply",
      "out tcp client any > exchange 5060-5060",
      "in tcp exchange 5060-5060 > client any reply",
      "in tcp exchange any > client 5060-5060",
      "out tcp client 5060-5060 > exchange any reply",
      "out tcp client any > exchange 5061-5061",
      "in tcp exchange 5061-5061 > client any reply",
      "in tcp exchange any > client 5061-5061",
      "out tcp client 5061-5061 > exchange any reply",
    ]);
    assert.deepEqual(of("media"), [
      "in udp exchange 10000-60000 > client 1024-65535",
      "out udp client 1024-65535 > exchange 10000-60000",
    ]);
  });

  it("is the same packets from the other side, with in and out exchanged", () => {
    const customer = firewallPlanOf(sampleRanges, "customer");
    const exchange = firewallPlanOf(sampleRanges, "exchange");
    assert.equal(exchange.perspective, "exchange");
    const turned = { in: "out", out: "in" } as const;
    const plain = ({ name: _name, ...rule }: FirewallRule) => rule;
    assert.deepEqual(
      exchange.rules.map(plain),
      customer.rules.map((rule) => ({ ...plain(rule), direction: turned[rule.direction] })),
    );
  });

  it("gives each rule a name of its own", () => {
    const other = {
      ...sampleRanges[0],
      network: "192.0.2.99/32",
      ports: [],
    } as (typeof sampleRanges)[number];
    const ports = [{ transport: "udp" as const, first_port: 5080, last_port: 5080 }];
    const { rules, sets } = firewallPlanOf([...sampleRanges, { ...other, ports }], "customer");
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    assert.deepEqual(
      sets.map(({ name }) => name),
      ["signaling", "signaling-v6", "media", "signaling-2"],
    );
    assert.deepEqual(
      rules.find(({ set, isReply }) => set === "signaling-2" && isReply)?.exchangePorts,
      port(5080),
    );
  });

  it("is as the schema says", () => {
    const plan = firewallPlanOf(sampleRanges, "customer");
    assert.deepEqual(validator(FirewallPlan)(JSON.parse(JSON.stringify(plan))), { ok: true, value: plan });
  });
});
