import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { InterfaceRole, SnapshotTrunk } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { flow, parsedRequest, request } from "@tandem/sip/testing";
import { type Admission, admit } from "./admission.ts";
import { ProbeBucket } from "./probe-bucket.ts";
import {
  addresses,
  exampleCarrier,
  exampleSnapshot,
  exampleTrunk,
  trunkHost,
} from "./testing/example-snapshot.ts";

interface Case {
  readonly roles?: readonly InterfaceRole[];
  readonly from: string;
  readonly to?: string;
  readonly method?: string;
  readonly trunk?: Partial<SnapshotTrunk>;
  readonly isCarrierEnabled?: boolean;
}

const bucket = (): ProbeBucket => new ProbeBucket(new HandClock());

function judge(one: Case, probes: Pick<ProbeBucket, "take"> = bucket()): Admission {
  const table = RoutingTable.from(
    exampleSnapshot({
      trunks: [exampleTrunk(one.trunk)],
      carriers: [exampleCarrier({ enabled: one.isCarrierEnabled ?? true })],
    }),
  );
  const requestUri = one.to ?? `sip:+15557654321@${trunkHost}`;
  return admit(
    parsedRequest(request(one.method ?? "INVITE", { requestUri })),
    flow("UDP", { interfaceName: "one", remoteAddress: one.from }),
    table,
    {
      interfaceByName: (name) =>
        name === "one"
          ? { name, roles: [...(one.roles ?? ["public"])], localAddress: "198.51.100.1" }
          : undefined,
      probes,
    },
  );
}

const { customer, stranger, carrier } = addresses;
const ours = "sip:+15550001111@198.51.100.1";
const byPassword = { ipAccessControlListSids: [], credentialListSids: ["CL1"] };

const table: readonly (readonly [rule: string, one: Case, kind: Admission["kind"]])[] = [
  ["a listed address that names its trunk", { from: customer }, "trunk"],
  ["the same on a private line", { from: customer, roles: ["private"] }, "trunk"],
  [
    "the trunk's name may be written in capitals, with an edge",
    { from: customer, to: "sip:+1555@ACME.pstn.Ashburn-IX.tandem.test" },
    "trunk",
  ],
  ["any address where the trunk has credentials", { from: stranger, trunk: byPassword }, "trunk"],
  [
    "an unlisted address where it has both: the refusal tells it why",
    { from: stranger, trunk: { credentialListSids: ["CL1"] } },
    "trunk",
  ],
  ["an unlisted address that knows the trunk's name", { from: stranger }, "probe"],
  [
    "nobody gets an answer of a trunk with no authentication",
    { from: stranger, trunk: { ipAccessControlListSids: [] } },
    "stranger",
  ],
  ["the ACK of a probe needs no answer", { from: stranger, method: "ACK" }, "stranger"],
  ["no such trunk", { from: customer, to: "sip:+1555@other.pstn.tandem.test" }, "stranger"],
  ["our address names no trunk", { from: customer, to: ours }, "stranger"],
  ["a Request-URI that is no SIP URI", { from: customer, to: "tel:+15557654321" }, "stranger"],
  ["a customer on an interface for carriers", { from: customer, roles: ["carrier"] }, "stranger"],
  ["a customer on the backbone", { from: customer, roles: ["backbone"] }, "stranger"],
  ["a carrier on its interface", { from: carrier, to: ours, roles: ["carrier"] }, "carrier"],
  [
    "a carrier may send what it likes, the refusal tells it",
    { from: carrier, to: "tel:+1555", roles: ["carrier"] },
    "carrier",
  ],
  [
    "a carrier on an interface for customers",
    { from: carrier, to: ours, roles: ["public", "private"] },
    "stranger",
  ],
  ["an address of no carrier", { from: "203.0.114.1", to: ours, roles: ["carrier"] }, "stranger"],
  [
    "a carrier that is switched off",
    { from: carrier, to: ours, roles: ["carrier"], isCarrierEnabled: false },
    "stranger",
  ],
  [
    "both on an interface with both roles: the customer",
    { from: customer, roles: ["carrier", "public"] },
    "trunk",
  ],
  [
    "both on an interface with both roles: the carrier",
    { from: carrier, to: ours, roles: ["public", "carrier"] },
    "carrier",
  ],
];

for (const [rule, one, kind] of table) {
  test(`admission: ${rule}`, () => assert.equal(judge(one).kind, kind));
}

test("the Request-URI that was read goes along; a carrier's may be unreadable", () => {
  const known = judge({ from: customer });
  assert.equal(known.kind === "trunk" && known.requestUri.host, trunkHost);
  const readable = judge({ from: carrier, to: ours, roles: ["carrier"] });
  assert.equal(readable.kind === "carrier" && readable.requestUri?.user, "+15550001111");
  const unreadable = judge({ from: carrier, to: "tel:+1555", roles: ["carrier"] });
  assert.equal(unreadable.kind === "carrier" && unreadable.requestUri, undefined);
});

test("an unlisted address is answered five times a minute, and ACKs are not counted", () => {
  const probes = bucket();
  const kinds = Array.from({ length: 6 }, () => {
    judge({ from: stranger, method: "ACK" }, probes);
    return judge({ from: stranger }, probes).kind;
  });
  assert.deepEqual(kinds, ["probe", "probe", "probe", "probe", "probe", "stranger"]);
});

test("who is known draws from no bucket", () => {
  const probes = { take: () => assert.fail("the bucket was asked") };
  judge({ from: customer }, probes);
  judge({ from: stranger, trunk: byPassword }, probes);
  judge({ from: carrier, to: ours, roles: ["carrier"] }, probes);
});

test("an interface that is not configured serves nobody", () => {
  const admission = admit(
    parsedRequest(request("INVITE", { requestUri: `sip:+1555@${trunkHost}` })),
    flow("UDP", { interfaceName: "one", remoteAddress: customer }),
    RoutingTable.from(exampleSnapshot()),
    { interfaceByName: () => undefined, probes: bucket() },
  );
  assert.equal(admission.kind, "stranger");
});
