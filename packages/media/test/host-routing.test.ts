import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { HostRouting } from "../src/kernel/host-routing.ts";
import { type KernelPlace, kernelPlace } from "../src/kernel/kernel-place.ts";
import { addressText, mappedAddress } from "../src/kernel/mapped-address.ts";
import { inNamespace } from "./kernel/host-calls.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { calls } from "./kernel/stage.ts";
import { addresses, devices, ThreeHosts } from "./kernel/three-hosts.ts";

const far = "203.0.113.77";
const buffer = (): Buffer => mappedAddress(far) as Buffer;

describe("the ways that the host's routes say", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  let routing: HostRouting;
  let place: KernelPlace;

  before(async () => {
    hosts = new ThreeHosts();
    const system = await calls();
    routing = inNamespace(hosts.gateway, () => new HostRouting(system));
    const localAddress = addresses.gatewayToCarrier;
    const found = kernelPlace(
      { name: "carriers", localAddress, advertisedAddress: localAddress },
      routing.table,
    );
    if (typeof found === "string") throw new Error(found);
    place = found;
  });
  after(() => {
    routing.close();
    hosts.close();
  });

  /** What was asked just now is not asked again. */
  const askAnew = async (): Promise<void> => {
    await pause(60);
    routing.refresh();
  };
  const route = (verb: string, via: string): void => {
    hosts.execute(hosts.gateway, "ip", "route", verb, `${far}/32`, "via", via, "dev", devices.toCarrier);
  };

  test("are the same objects as long as they lead the same way, whichever buffer asks", async () => {
    route("replace", addresses.carrier);
    await askAnew();
    const asked = buffer();
    const way = routing.wayTo(asked, place);
    assert.equal(addressText(way.hop.next), addresses.carrier);
    assert.equal(routing.wayTo(asked, place), way);
    assert.equal(routing.wayTo(buffer(), place), way);
    await askAnew();
    assert.equal(routing.wayTo(asked, place), way, "asked anew, and the same");
  });

  test("are others when the next hop is, and when there is none any more", async () => {
    route("replace", addresses.carrier);
    await askAnew();
    const asked = buffer();
    const way = routing.wayTo(asked, place);
    const otherNext = addresses.carrier.replace(/\d+$/, "99");
    route("replace", otherNext);
    await askAnew();
    assert.equal(addressText(routing.wayTo(asked, place).hop.next), otherNext);
    assert.notEqual(routing.wayTo(asked, place), way);
    route("delete", otherNext);
    await askAnew();
    assert.equal(routing.wayTo(asked, place).hop.ifindex, 0);
  });
});
