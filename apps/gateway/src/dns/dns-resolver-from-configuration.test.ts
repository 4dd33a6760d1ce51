import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { dnsResolver } from "./dns-resolver-from-configuration.ts";
import { FakeDnsServer, responseTo } from "./fake-dns-server.ts";

test("the configured server is asked", async (context) => {
  const fake = await new FakeDnsServer().open();
  context.after(() => fake.close());
  fake.handler = (query) => [responseTo(query, [])];
  const resolver = dnsResolver({ clock: new HandClock(), servers: [`127.0.0.1:${fake.server.port}`] });
  await resolver.a("a.test");
  assert.deepEqual(fake.queries, ["udp A a.test"]);
});

test("none configured: the system's; a wrong one throws with its text", () => {
  const clock = new HandClock();
  dnsResolver({ clock });
  dnsResolver({ clock, servers: [] });
  assert.throws(
    () => dnsResolver({ clock, servers: ["192.0.2.1", "dns.test"] }),
    /"dns.test" is no DNS server/,
  );
});
