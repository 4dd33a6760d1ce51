import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RtpengineConfiguration } from "@tandem/contracts";
import { rtpengineFault, rtpengineOptions } from "./rtpengines.ts";

const one: RtpengineConfiguration = {
  address: "127.0.0.1:2223",
  interfaces: [{ interface: "customers", address: "192.0.2.1" }],
};

describe("rtpengines of the configuration", () => {
  test("an interface is named in rtpengine as in the gateway unless it is said otherwise; weight 1", () => {
    assert.deepEqual(rtpengineOptions(one), {
      name: "127.0.0.1:2223",
      weight: 1,
      interfaces: new Map([["customers", { name: "customers", address: "192.0.2.1" }]]),
    });
    const line = { interface: "customers/TX1", name: "tx1", address: "2001:db8::1" };
    assert.deepEqual(
      rtpengineOptions({ ...one, weight: 0, interfaces: [line] }).interfaces.get("customers/TX1"),
      { name: "tx1", address: "2001:db8::1" },
    );
  });

  const cases: readonly (readonly [
    what: string,
    rtpengines: RtpengineConfiguration[],
    fault: string | undefined,
  ])[] = [
    ["none", [], undefined],
    ["good ones", [one, { ...one, address: "[::1]:2223" }], undefined],
    [
      "a name for an address",
      [{ ...one, address: "relay:2223" }],
      "/rtpengines/0/address: relay:2223 is no address",
    ],
    ["one twice", [one, one], "/rtpengines/1/address: 127.0.0.1:2223 stands twice"],
    [
      "a line without a name of its own",
      [{ ...one, interfaces: [{ interface: "customers/TX1", address: "192.0.2.1" }] }],
      "/rtpengines/0/interfaces: customers/TX1 needs a name in rtpengine",
    ],
    [
      "media on no address",
      [{ ...one, interfaces: [{ interface: "customers", address: "192.0.2.1:4000" }] }],
      "/rtpengines/0/interfaces: 192.0.2.1:4000 is no address",
    ],
  ];
  for (const [what, rtpengines, fault] of cases) {
    test(what, () => assert.equal(rtpengineFault({ rtpengines }), fault));
  }
});
