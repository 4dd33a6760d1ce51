import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeviceSettings, passOverDeadDevices, settingFindings } from "./device-settings.ts";

function settings(
  values: Record<string, string>,
): DeviceSettings & { readonly values: Record<string, string> } {
  return {
    values,
    read: (name) => values[name],
    write: (name, value) => {
      if (name.includes("readonly")) throw new Error("EROFS");
      values[name] = value;
    },
  };
}

test("dead devices are passed over where they are not yet, and a device that has just gone is no error", () => {
  const fake = settings({
    "conf/wan1/ignore_routes_with_linkdown": "0",
    "conf/wan2/ignore_routes_with_linkdown": "1",
    "conf/readonly/ignore_routes_with_linkdown": "0",
  });
  const errors = passOverDeadDevices(["wan1", "wan2", "gone", "readonly"], fake);
  assert.equal(fake.values["conf/wan1/ignore_routes_with_linkdown"], "1");
  assert.equal("conf/gone/ignore_routes_with_linkdown" in fake.values, false);
  assert.deepEqual(errors, ["net.ipv4.conf.readonly.ignore_routes_with_linkdown: Error: EROFS"]);
});

test("forwarding is found; rp_filter is found for the device and for all", () => {
  assert.deepEqual(settingFindings(["wan1"], settings({ ip_forward: "0", "conf/all/rp_filter": "0" })), []);
  const [forwarding, ...rest] = settingFindings(["wan1"], settings({ ip_forward: "1" }));
  assert.match(forwarding ?? "", /ip_forward is 1/);
  assert.deepEqual(rest, []);
  const byDevice = settings({
    "conf/all/rp_filter": "0",
    "conf/wan2/rp_filter": "2",
    "conf/wan1/rp_filter": "0",
  });
  assert.match(settingFindings(["wan1", "wan2"], byDevice)[0] ?? "", /rp_filter is on for wan2:/);
  const names = ["wan1", "wan2", "wan3", "wan4", "wan5", "wan6"];
  assert.match(settingFindings(names, settings({ "conf/all/rp_filter": "1" }))[0] ?? "", /wan5 and others:/);
});
