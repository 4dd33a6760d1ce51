import assert from "node:assert/strict";
import { test } from "node:test";
import { filtersOf, pathOf, type Resource } from "./resource.ts";

const resource: Resource = {
  title: "Addresses",
  one: "address",
  path: "{account}/SIP/IpAccessControlLists/{parent}/IpAddresses",
  suffix: ".json",
  key: "ip_addresses",
  columns: [],
  empty: "",
  filters: [
    { name: "Status", label: "Status" },
    { name: "To", label: "To" },
  ],
};

test("the path of a list and of one object", () => {
  assert.equal(pathOf(resource, "AL1"), "{account}/SIP/IpAccessControlLists/AL1/IpAddresses.json");
  assert.equal(
    pathOf(resource, "AL1", "a/b"),
    "{account}/SIP/IpAccessControlLists/AL1/IpAddresses/a%2Fb.json",
  );
  const { suffix: _, ...withoutSuffix } = resource;
  assert.equal(pathOf({ ...withoutSuffix, path: "/v1/Trunks" }, "", "TK1"), "/v1/Trunks/TK1");
});

test("only filters that the resource has, and that are given", () => {
  assert.deepEqual(filtersOf(resource, { Status: "failed", To: "", Page: "3" }), [["Status", "failed"]]);
});
