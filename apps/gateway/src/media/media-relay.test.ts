import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { GatewayConfiguration } from "@tandem/contracts";
import type { MediaRelay } from "@tandem/media";
import { mediaRelay } from "./media-relay.ts";

const relays: MediaRelay[] = [];

afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
});

function configuration(media?: GatewayConfiguration["media"]): GatewayConfiguration {
  return {
    name: "gateway",
    edge: "ashburn",
    region: "us1",
    stateDirectory: "/nonexistent",
    control: { url: "http://127.0.0.1", token: "" },
    interfaces: [{ name: "customers", roles: ["private"], localAddress: "127.0.177.1" }],
    mediaPorts: { first: 40_000, last: 40_007 },
    preboundEndpoints: 1,
    ...(media === undefined ? {} : { media }),
  };
}

async function events(media?: GatewayConfiguration["media"]): Promise<unknown[]> {
  const told: unknown[] = [];
  relays.push(
    await mediaRelay(configuration(media), new HandClock(), (event, fields) =>
      told.push({ event, ...fields }),
    ),
  );
  return told;
}

describe("the engine of a gateway's media", () => {
  test("is user space where it is configured, with every port", async () => {
    assert.deepEqual(await events({ engine: "userspace" }), [
      { event: "media-engine", engine: "userspace", reason: "configured" },
    ]);
    const [relay] = relays;
    const opened = [0, 1, 2, 3, 4].map(
      () => relay?.openEndpoint({ mediaInterface: "customers", kind: "rtp" })?.localPort,
    );
    assert.deepEqual(opened, [40_000, 40_002, 40_004, 40_006, undefined]);
  });

  test("is user space by default where everything is on one host, and says why", async () => {
    assert.deepEqual(await events(), [
      { event: "media-engine", engine: "userspace", reason: "all media addresses are loopback addresses" },
    ]);
  });

  test("is an error where the kernel is demanded and can't be had", async () => {
    await assert.rejects(
      events({ engine: "kernel" }),
      /^Error: \/media\/engine: kernel: all media addresses/,
    );
  });
});
