import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, type LinkDescription, type NetworkDescription } from "./description.ts";

const cable: LinkDescription = {
  name: "cable",
  near: { host: "a", device: "exactly15chars-" },
  far: { host: "b", device: "port", bridge: "switch" },
};
const sound: NetworkDescription = {
  hosts: [{ name: "a" }, { name: "b", bridges: ["switch"] }],
  links: [cable],
};

test("a sound network has no faults", () => {
  assert.deepEqual(faultsOf(sound), []);
});

const broken: readonly [what: string, network: NetworkDescription, fault: string][] = [
  [
    "a device name of 16 characters",
    { ...sound, links: [{ ...cable, near: { host: "a", device: "exactly-16-chars" } }] },
    "device exactly-16-chars of a has more than 15 characters",
  ],
  [
    "an end at nobody",
    { ...sound, links: [{ ...cable, near: { host: "c", device: "port" } }] },
    "link cable ends at c, which is not there",
  ],
  [
    "a port of a switch that is not there",
    { hosts: [{ name: "a" }, { name: "b" }], links: [cable] },
    "b has no bridge switch",
  ],
  [
    "two devices of one name",
    { ...sound, links: [cable, { ...cable, name: "other", near: { host: "a", device: "eth1" } }] },
    "b has two devices port",
  ],
  [
    "two links of one name",
    {
      ...sound,
      links: [cable, { name: "cable", near: { host: "a", device: "x" }, far: { host: "b", device: "y" } }],
    },
    "two links are called cable",
  ],
  [
    "two hosts of one name",
    { hosts: [...sound.hosts, { name: "a" }], links: [cable] },
    "two hosts are called a",
  ],
  ["a host name that no namespace can have", { hosts: [{ name: "a/b" }], links: [] }, "host name a/b"],
];

for (const [what, network, fault] of broken) {
  test(`${what} is refused with its name`, () => {
    assert.deepEqual(faultsOf(network), [fault]);
  });
}
