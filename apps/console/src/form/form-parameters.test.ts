import assert from "node:assert/strict";
import { test } from "node:test";
import { type Field, initialValues, snakeCase, withCurrent } from "./field.ts";
import { createParameters, fieldFaultOf, updateParameters } from "./form-parameters.ts";

const fields: Field[] = [
  { name: "FriendlyName", label: "Name", isRequired: true },
  { name: "Enabled", label: "Enabled", kind: "checkbox", initial: "true" },
  { name: "IpRoutes", label: "Routes", kind: "lines" },
  { name: "Password", label: "Password", kind: "password" },
  {
    name: "MediaDscp",
    label: "DSCP",
    kind: "number",
    read: (row) => String((row["tandem"] as { dscp: number }).dscp),
  },
];

test("a new form begins with the fields' first values, an object's with its own", () => {
  assert.deepEqual(initialValues(fields, undefined), {
    FriendlyName: "",
    Enabled: "true",
    IpRoutes: "",
    Password: "",
    MediaDscp: "",
  });
  const row = {
    friendly_name: "Office",
    enabled: false,
    ip_routes: ["a", "b"],
    password: "x",
    tandem: { dscp: 46 },
  };
  assert.deepEqual(initialValues(fields, row), {
    FriendlyName: "Office",
    Enabled: "false",
    IpRoutes: "a\nb",
    Password: "",
    MediaDscp: "46",
  });
});

test("a new object gets what was given", () => {
  const values = { ...initialValues(fields, undefined), FriendlyName: "Office", IpRoutes: " a \n\nb\n" };
  assert.deepEqual(createParameters(fields, values), [
    ["FriendlyName", "Office"],
    ["Enabled", "true"],
    ["IpRoutes", "a"],
    ["IpRoutes", "b"],
  ]);
});

test("a change sends what differs; an empty value removes", () => {
  const before = initialValues(fields, {
    friendly_name: "A",
    enabled: true,
    ip_routes: ["a"],
    tandem: { dscp: 1 },
  });
  assert.deepEqual(updateParameters(fields, before, before), []);
  const values = { ...before, Enabled: "false", IpRoutes: " ", MediaDscp: "" };
  assert.deepEqual(updateParameters(fields, before, values), [
    ["Enabled", "false"],
    ["IpRoutes", ""],
    ["MediaDscp", ""],
  ]);
});

test("a refusal is about the field whose parameter a sentence of it begins with", () => {
  const told = (message: string) => {
    const fault = fieldFaultOf(fields, message);
    return [fault?.field.name, fault?.text];
  };
  assert.deepEqual(told("A value is not allowed. MediaDscp must be <= 63."), [
    "MediaDscp",
    "MediaDscp must be <= 63.",
  ]);
  assert.deepEqual(told("FriendlyName, Weight must be given."), [
    "FriendlyName",
    "FriendlyName, Weight must be given.",
  ]);
  for (const message of ["The domain name is taken.", "It has a Password already.", ""]) {
    assert.deepEqual(told(message), [undefined, undefined], message);
  }
});

test("names in snake case", () => {
  assert.deepEqual(["FriendlyName", "SipUrl", "CidrPrefixLength", "Edge"].map(snakeCase), [
    "friendly_name",
    "sip_url",
    "cidr_prefix_length",
    "edge",
  ]);
});

test("what an object has now is among the choices", () => {
  const choices = [["a", "A"]] as const;
  assert.equal(withCurrent(choices, "a"), choices);
  assert.deepEqual(withCurrent(choices, "b"), [
    ["b", "b"],
    ["a", "A"],
  ]);
  assert.deepEqual(withCurrent(choices, ""), [
    ["", "–"],
    ["a", "A"],
  ]);
});
