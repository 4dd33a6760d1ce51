/** Real packets through the rules: who gets what, from which address, and what is dropped with which reason. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connection, customer, GatewayHost, local, media, signaling, snapshot } from "./gateway-host.ts";
import { eventually, type Peer } from "./namespaces.ts";

const host = new GatewayHost({ mediaAddress: media });
let gateway: Peer;
let far: Peer;
let siteB: Peer;
let other: Peer;
let internet: Peer;

before(async () => {
  host.build();
  host.give(snapshot(1, [connection("a"), connection("b"), connection("c")]));
  host.agent("apply");
  const { namespaces } = host;
  gateway = namespaces.peer("gateway");
  far = namespaces.peer("far");
  siteB = namespaces.peer("router-b");
  other = namespaces.peer("other");
  internet = namespaces.peer("internet");
  for (const name of ["a", "b", "c"] as const) {
    await gateway.tell({
      do: "udp",
      socket: `signaling-${name}`,
      address: local[name],
      port: 5060,
      isEchoing: true,
    });
    await gateway.tell({
      do: "udp",
      socket: `media-${name}`,
      address: local[name],
      port: 10000,
      isEchoing: true,
    });
    await gateway.tell({ do: "listen", address: local[name], port: 5060 });
  }
  for (const [peer, address] of [
    [far, customer],
    [siteB, customer],
    [other, "198.51.100.10"],
  ] as const) {
    await peer.tell({ do: "udp", socket: "phone", address, port: 5080 });
  }
});
after(() => host.remove());

test("plan prints the rules and the commands that are missing: none when all is as it should be", () => {
  const plan = host.agent("plan");
  assert.match(plan, /add element inet tandem local_address_1 \{ "line-a" : 100\.127\.0\.1, /);
  assert.match(plan, /# ip -force -batch -\n$/);
  host.namespaces.ip("gateway", "rule del pref 10010 from 100.127.0.2");
  assert.match(
    host.agent("plan"),
    /# ip -force -batch -\nrule add pref 10010 from 100\.127\.0\.2\/32 lookup 1002 protocol 84\n$/,
  );
  assert.match(host.agent("apply"), /^3 lines, 2 changes\n$/);
});

/** A later datagram that arrives proves that an earlier one on another way would have. */
async function settled(): Promise<void> {
  const text = `settled-${process.hrtime.bigint()}`;
  for (const peer of [far, siteB, other]) {
    await peer.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text });
    await peer.got(text);
  }
}

test("UDP to the edge reaches the socket of the line it came by, and is answered from the edge on that line only", async () => {
  const before = { b: host.arrivals("router-b"), c: host.arrivals("other"), i: host.arrivals("internet") };
  await far.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "by line a" });
  assert.deepEqual(await gateway.got("by line a"), {
    socket: "signaling-a",
    from: `${customer}:5080`,
    bytes: 9,
    text: "by line a",
  });
  assert.equal((await far.got("by line a")).from, `${signaling}:5060`);
  assert.deepEqual(
    { b: host.arrivals("router-b"), c: host.arrivals("other"), i: host.arrivals("internet") },
    before,
  );

  await siteB.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "by line b" });
  assert.equal((await gateway.got("by line b")).socket, "signaling-b");
  assert.equal((await siteB.got("by line b")).from, `${signaling}:5060`);
  assert.equal((await far.received()).filter((one) => one.text === "by line b").length, 0);
});

test("media goes to the media address and comes from it", async () => {
  await siteB.tell({ do: "send", socket: "phone", to: media, port: 10000, text: "rtp" });
  assert.equal((await gateway.got("rtp")).socket, "media-b");
  assert.equal((await siteB.got("rtp")).from, `${media}:10000`);
});

test("TCP to the edge arrives on its line and carries a megabyte both ways intact; so does one that we open", async () => {
  for (const peer of [far, siteB]) {
    assert.equal(
      await peer.tell({ do: "transfer", from: customer, to: signaling, port: 5060, bytes: 1_000_000 }),
      "intact",
    );
    await peer.tell({ do: "listen", address: customer, port: 5090 });
  }
  for (const [name, peer] of [
    ["a", far],
    ["b", siteB],
  ] as const) {
    assert.equal(
      await gateway.tell({ do: "transfer", from: local[name], to: customer, port: 5090, bytes: 1_000_000 }),
      "intact",
    );
    const accepted = (await peer.received()).filter((one) => one.socket === "tcp");
    assert.equal(accepted.length, 1, `line ${name}`);
    assert.match(accepted[0]?.from ?? "", /^203\.0\.113\.10:/);
  }
});

test("a socket on a line's address sends by that line, though another leads to the same place", async () => {
  await gateway.tell({ do: "send", socket: "signaling-b", to: customer, port: 5080, text: "out by b" });
  assert.equal((await siteB.got("out by b")).from, `${signaling}:5060`);
  await gateway.tell({ do: "send", socket: "media-a", to: customer, port: 5080, text: "out by a" });
  assert.equal((await far.got("out by a")).from, `${media}:10000`);
  await settled();
  assert.equal(
    (await far.received()).some((one) => one.text === "out by b"),
    false,
  );
  assert.equal(
    (await siteB.received()).some((one) => one.text === "out by a"),
    false,
  );
});

test("datagrams of several fragments arrive whole, both ways", async () => {
  for (const peer of [far, siteB]) {
    await peer.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "abc", bytes: 9001 });
    const there = await lastOf(gateway, 9001);
    const back = await lastOf(peer, 9001);
    assert.equal(back.text, there.text);
    assert.equal(back.from, `${signaling}:5060`);
  }
});

async function lastOf(peer: Peer, bytes: number): Promise<{ text: string; from: string }> {
  return await eventually(`a datagram of ${bytes} bytes`, async () =>
    (await peer.received()).findLast((one) => one.bytes === bytes),
  );
}

test("connection tracking and source NAT of the host's own firewall have no part in it", async () => {
  const firewall = `table ip firewall {
    chain input { type filter hook input priority 0; policy accept; ct state invalid drop; }
    chain leaving { type nat hook postrouting priority 100; policy accept; masquerade; }
  }`;
  host.namespaces.run("gateway", ["nft", "-f", "-"], firewall);
  for (const [peer, bytes] of [
    [far, 7001],
    [siteB, 7002],
  ] as const) {
    // Tracking puts fragments together before our rules see them.
    await peer.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "def", bytes });
    await lastOf(gateway, bytes);
    assert.equal((await lastOf(peer, bytes)).from, `${signaling}:5060`);
  }
  const transfer = { do: "transfer", from: customer, to: signaling, port: 5060, bytes: 100_000 } as const;
  assert.equal(await siteB.tell(transfer), "intact");
  await gateway.tell({ do: "send", socket: "media-b", to: customer, port: 5080, text: "not masqueraded" });
  assert.equal((await siteB.got("not masqueraded")).from, `${media}:10000`);
  host.namespaces.run("gateway", ["nft", "delete", "table", "ip", "firewall"]);
});

test("path MTU: a router inside the customer's network is heard about our own packets", async () => {
  // Behind router a packets of 1300 bytes are the largest. We send with "don't fragment" until we are told.
  await gateway.tell({ do: "udp", socket: "probe", address: local.a, port: 10002 });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await gateway.tell({ do: "send", socket: "probe", to: customer, port: 5080, text: "m", bytes: 1400 });
    await settled();
  }
  assert.equal((await lastOf(far, 1400)).from, `${media}:10002`);
  assert.match(host.namespaces.ip("gateway", `route get ${customer} from ${local.a}`), /mtu 1300/);
  assert.doesNotMatch(host.namespaces.ip("gateway", `route get ${customer} from ${local.b}`), /mtu/);
});

test("a closed port is told in both directions, from and about the addresses of the edge", async () => {
  await gateway.tell({ do: "udp", socket: "caller", address: local.b, port: 10004 });
  await gateway.tell({ do: "connect-udp", socket: "caller", to: customer, port: 5999 });
  await settled();
  assert.deepEqual(await gateway.tell({ do: "errors" }), ["ECONNREFUSED"]);
  for (const [to, port] of [
    [media, 10500],
    [signaling, 5060],
  ] as const) {
    if (to === signaling) await gateway.tell({ do: "close", socket: "signaling-c" });
    await other.tell({ do: "udp", socket: `caller-${to}`, address: "198.51.100.10", port: port + 1 });
    await other.tell({ do: "connect-udp", socket: `caller-${to}`, to, port });
    for (let tries = 0; tries < 200; tries += 1) {
      const errors = (await other.tell({ do: "errors" })) as string[];
      if (errors.length > 0) {
        assert.deepEqual(errors, ["ECONNREFUSED"]);
        break;
      }
      assert.notEqual(tries, 199, `nothing was told about ${to}`);
    }
  }
  await gateway.tell({ do: "udp", socket: "signaling-c", address: local.c, port: 5060, isEchoing: true });
});

test("the edge answers a ping from a line, on its signaling address", () => {
  assert.match(
    host.namespaces.run("router-b", ["ping", "-c", "1", "-W", "5", "-I", customer, signaling]),
    / 1 received/,
  );
});

interface Forgery {
  readonly what: string;
  readonly by: () => Peer;
  readonly box: string;
  readonly source: string;
  readonly to: string;
  readonly port: number;
  readonly reason: string;
}

const forgeries: readonly Forgery[] = [
  {
    what: "the customer's address from the internet to the edge",
    by: () => internet,
    box: "internet",
    source: customer,
    to: signaling,
    port: 5060,
    reason: "other_device",
  },
  {
    what: "the customer's address from the internet to media",
    by: () => internet,
    box: "internet",
    source: customer,
    to: media,
    port: 10000,
    reason: "other_device",
  },
  {
    what: "the customer's address from the internet to a local address",
    by: () => internet,
    box: "internet",
    source: customer,
    to: local.a,
    port: 5060,
    reason: "to_local_address",
  },
  {
    what: "the customer's address by another customer's line to the edge",
    by: () => other,
    box: "other",
    source: customer,
    to: signaling,
    port: 5060,
    reason: "outside_routes",
  },
  {
    what: "the customer's address by another customer's line to media",
    by: () => other,
    box: "other",
    source: customer,
    to: media,
    port: 10000,
    reason: "outside_routes",
  },
  {
    what: "the customer's address by another customer's line to a local address",
    by: () => other,
    box: "other",
    source: customer,
    to: local.a,
    port: 5060,
    reason: "to_local_address",
  },
  {
    what: "its own line's local address",
    by: () => siteB,
    box: "router-b",
    source: customer,
    to: local.b,
    port: 5060,
    reason: "to_local_address",
  },
  {
    what: "an address outside the routes by the right line",
    by: () => siteB,
    box: "router-b",
    source: "192.0.3.10",
    to: signaling,
    port: 5060,
    reason: "outside_routes",
  },
  {
    what: "the router's own address",
    by: () => siteB,
    box: "router-b",
    source: "169.254.2.2",
    to: signaling,
    port: 5060,
    reason: "outside_routes",
  },
  {
    what: "a port that is not served",
    by: () => siteB,
    box: "router-b",
    source: customer,
    to: signaling,
    port: 22,
    reason: "closed_port",
  },
  {
    what: "a media port on the signaling address",
    by: () => siteB,
    box: "router-b",
    source: customer,
    to: signaling,
    port: 10000,
    reason: "closed_port",
  },
  {
    what: "the port behind the last media port",
    by: () => siteB,
    box: "router-b",
    source: customer,
    to: media,
    port: 11000,
    reason: "closed_port",
  },
  {
    what: "an address of another interface over a line",
    by: () => siteB,
    box: "router-b",
    source: customer,
    to: "10.99.0.1",
    port: 5060,
    reason: "other_interface",
  },
];

for (const { what, by, box, source, to, port, reason } of forgeries) {
  test(`dropped and counted (${reason}): ${what}`, async () => {
    const dropped = host.dropped(reason);
    const text = `forged ${what}`.slice(0, 60);
    const addresses = host.namespaces.ip(box, "address show");
    if (!addresses.includes(`inet ${source}/`)) host.namespaces.ip(box, `address add ${source}/32 dev lo`);
    if (to === "10.99.0.1" && box !== "internet")
      host.namespaces.ip(box, "route replace 10.99.0.0/24 via 169.254.2.1");
    const socket = `forger ${what}`;
    await by().tell({ do: "udp", socket, address: source, port: 0 });
    assert.equal(await by().tell({ do: "send", socket, to, port, text }), "sent");
    await by().tell({ do: "close", socket });
    await settled();
    assert.equal(host.dropped(reason), dropped + 1);
    assert.equal(
      (await gateway.received()).some((one) => one.text === text),
      false,
    );
  });
}

test("a connection to a service of the host that is none of the edge's is not opened", async () => {
  const dropped = host.dropped("closed_port");
  host.namespaces.spawn("gateway", [
    process.execPath,
    "-e",
    "require('node:net').createServer().listen(2222, '0.0.0.0')",
  ]);
  const { status, signal } = {
    status: await Promise.race([
      siteB.tell({ do: "transfer", from: customer, to: signaling, port: 2222, bytes: 1 }),
      pause(1500),
    ]),
    signal: "",
  };
  assert.equal(status, "silent", signal);
  assert.ok(host.dropped("closed_port") > dropped);
});

function pause(ms: number): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve("silent"), ms);
  });
}

test("one line's socket can't reach another line's, nor the edge, through the host itself", async () => {
  for (const to of [local.b, signaling]) {
    const text = `inside ${to}`;
    await gateway.tell({ do: "send", socket: "media-a", to, port: 5060, text });
    await settled();
    assert.equal(
      (await gateway.received()).some((one) => one.text === text),
      false,
    );
  }
});

test("a dead line's socket reaches nobody: it is told that the host is unreachable, by the kernel alone", async () => {
  const { namespaces } = host;
  namespaces.ip("router-b", "link set uplink down");
  const before = { a: host.arrivals("far"), c: host.arrivals("other"), i: host.arrivals("internet") };
  assert.equal(
    await gateway.tell({ do: "send", socket: "signaling-b", to: customer, port: 5080, text: "lost" }),
    "EHOSTUNREACH",
  );
  assert.equal(
    await gateway.tell({ do: "transfer", from: local.b, to: customer, port: 5090, bytes: 1 }),
    "EHOSTUNREACH",
  );
  assert.deepEqual(
    { a: host.arrivals("far"), c: host.arrivals("other"), i: host.arrivals("internet") },
    before,
  );
  namespaces.ip("router-b", "link set uplink up");
  namespaces.ip("router-b", "route replace 203.0.113.0/24 via 169.254.2.1");
  namespaces.ip("router-b", "route replace 100.127.0.0/16 via 169.254.2.1");
});

test("a socket on an address whose line is gone reaches nobody either, whatever the main table says", async () => {
  host.give(snapshot(2, [connection("a"), connection("c"), connection("b", { status: "inactive" })]));
  // An address that stays behind, as if the agent had been ended half way.
  host.agent("apply");
  host.namespaces.ip("gateway", `address add ${local.b}/32 dev lo`);
  await gateway.tell({ do: "udp", socket: "orphan", address: local.b, port: 7000 });
  const before = host.arrivals("internet");
  assert.equal(
    await gateway.tell({ do: "send", socket: "orphan", to: "198.18.0.1", port: 9, text: "x" }),
    "ENETUNREACH",
  );
  // Even without the policy rules the ruleset lets nothing out.
  host.namespaces.ip("gateway", "rule del pref 10001");
  host.namespaces.ip("gateway", "rule del pref 10002");
  host.namespaces.ip("gateway", "rule del pref 12090");
  const dropped = host.dropped("leaving_elsewhere");
  await gateway.tell({ do: "send", socket: "orphan", to: "198.18.0.1", port: 9, text: "x" });
  assert.equal(host.dropped("leaving_elsewhere"), dropped + 1);
  assert.deepEqual(host.arrivals("internet"), before);
  host.give(snapshot(3, [connection("a"), connection("b"), connection("c")]));
  host.agent("apply");
  await settled();
});

test("nobody outside ever saw a local address, and no other box anything of the edge", () => {
  for (const box of ["far", "router-b", "other", "internet"])
    assert.equal(host.arrivals(box).internal, 0, box);
  assert.equal(host.arrivals("internet").edge, 0);
});
