import assert from "node:assert/strict";
import { test } from "node:test";
import { SnapshotGatewayInterface, validator } from "@tandem/contracts";
import { reportedInterfaces } from "./reported-interfaces.ts";

test("advertised addresses and the ports that were bound; a transport that is not served has none", () => {
  const asked: string[] = [];
  const sentBy = (name: string, protocol: string) => {
    asked.push(`${name} ${protocol}`);
    return { port: protocol === "TLS" ? 0 : 15_060 };
  };
  const reported = reportedInterfaces(
    [
      {
        name: "customers",
        roles: ["private"],
        localAddress: "10.0.0.4",
        advertisedAddress: "203.0.113.64",
        udpPort: 0,
        tlsPort: 0,
      },
      { name: "carriers", roles: ["carrier", "backbone"], localAddress: "198.51.100.2", tcpPort: 5060 },
    ],
    { sentBy },
  );
  assert.deepEqual(reported, [
    {
      name: "customers",
      roles: ["private"],
      address: "203.0.113.64",
      udpPort: 15_060,
      tcpPort: null,
      tlsPort: null,
    },
    {
      name: "carriers",
      roles: ["carrier", "backbone"],
      address: "198.51.100.2",
      udpPort: null,
      tcpPort: 15_060,
      tlsPort: null,
    },
  ]);
  assert.deepEqual(asked, ["customers UDP", "customers TLS", "carriers TCP"]);
  for (const one of reported) assert.ok(validator(SnapshotGatewayInterface)(one).ok);
});
