/** One request for each operation of the interface that changes something, in an order in which all succeed. */
import assert from "node:assert/strict";
import type { LiveCall } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import type { ExchangeHarness, FormFields, TestAccount } from "./exchange-harness.ts";
import { gatewayState } from "./gateway-state-sample.ts";

/** Texts that only a secret has; the longest a rule allows stands in none of the other values. */
export const planted = {
  digestPassword: "Planted-Digest-1x",
  newDigestPassword: "Planted-Digest-2x",
  carrierPassword: "Planted-Carrier-1x",
  newCarrierPassword: "Planted-Carrier-2x",
  bgpPassword: "Planted-Bgp-1x",
  preSharedKey: "Planted-PreShared-Key-1x",
  addressPassword: "planted-in-address-1x",
} as const;

export interface Step {
  /** `{TK}` is the SID of the last trunk that was made. */
  readonly path: string;
  readonly method: "POST" | "DELETE";
  readonly form?: FormFields;
  /** Keeps the SID (or name) of the answer under this name. */
  readonly makes?: string;
  /** Fields of the answer that are secret. */
  readonly reveals?: string;
}

const account = "/2010-04-01/Accounts/{AC}";
const lines = "/v1/Interconnect/Connections";

function post(path: string, form: FormFields, makes?: string, reveals?: string): Step {
  return { method: "POST", path, form, ...(makes && { makes }), ...(reveals && { reveals }) };
}

function remove(path: string): Step {
  return { method: "DELETE", path };
}

export const headerRules = JSON.stringify([
  { match: "all", conditions: [], actions: [{ target: "to", operation: "add-prefix", value: "+" }] },
]);

/** One object of each kind, all connected. */
export const creations: readonly Step[] = [
  post("/2010-04-01/Accounts.json", { FriendlyName: "Branch" }, "SUB", "auth_token"),
  post(`${account}/Keys.json`, { FriendlyName: "k" }, "SK", "secret"),
  post("/v1/Interconnect/Exchanges", { Name: "wasp", Place: "W" }, "IX"),
  post("/v1/Edges", { Name: "wasp-ix", LegacyId: "w1-ix", Region: "w1", Kind: "private", Exchange: "wasp" }),
  post("/v1/HeaderPolicies", { Rules: headerRules }, "HP"),
  post("/v1/Trunks", { DomainName: "one.pstn.tandem.test" }, "TK"),
  post(
    "/v1/Trunks/{TK}/OriginationUrls",
    {
      FriendlyName: "u",
      SipUrl: `sip:user:${planted.addressPassword}@192.0.2.1`,
      Priority: "1",
      Weight: "1",
      Enabled: "true",
    },
    "OU",
  ),
  post(`${account}/SIP/IpAccessControlLists.json`, { FriendlyName: "Office" }, "AL"),
  post(
    `${account}/SIP/IpAccessControlLists/{AL}/IpAddresses.json`,
    { FriendlyName: "SBC", IpAddress: "192.0.2.1" },
    "IP",
  ),
  post(`${account}/SIP/CredentialLists.json`, { FriendlyName: "Users" }, "CL"),
  post(
    `${account}/SIP/CredentialLists/{CL}/Credentials.json`,
    { Username: "alice", Password: planted.digestPassword },
    "CR",
  ),
  post("/v1/Trunks/{TK}/IpAccessControlLists", { IpAccessControlListSid: "{AL}" }),
  post("/v1/Trunks/{TK}/CredentialLists", { CredentialListSid: "{CL}" }),
  post(`${account}/IncomingPhoneNumbers.json`, { PhoneNumber: "+15557654321" }, "PN"),
  post(`${account}/OutgoingCallerIds.json`, { PhoneNumber: "+15557650000" }, "CI"),
  post("/v1/Trunks/{TK}/PhoneNumbers", { PhoneNumberSid: "{PN}" }),
  post("/v1/Carriers", { FriendlyName: "East", Username: "tandem", Password: planted.carrierPassword }, "KR"),
  post("/v1/Carriers/{KR}/Gateways", { SipUrl: "sip:192.0.2.9" }, "KG"),
  post("/v1/Carriers/{KR}/Routes", { Prefix: "+1" }, "KT"),
  post("/v1/Carriers/{KR}/Sources", { Network: "192.0.2.0/24" }, "KS"),
  post(
    lines,
    {
      Type: "vpn",
      Edge: "wasp-ix",
      BandwidthMbps: "100",
      VpnGatewayAddress: "203.0.113.9",
      IpRoutes: "198.51.100.0/24",
      BgpPassword: planted.bgpPassword,
      PreSharedKey: planted.preSharedKey,
    },
    "TX",
  ),
  post(`${lines}/{TX}/Shares`, { AccountSid: "{SUB}" }),
  post("/v1/DialingPermissions/BlockedPrefixes", { Prefix: "+15550" }, "DB"),
  post("/v1/DialingPermissions/DoNotOriginatePrefixes", { Prefix: "+15551", AllAccounts: "true" }, "DN"),
  post("/v1/DialingPermissions/RiskPrefixes", { Prefix: "+4484", Risk: "high-risk-special" }, "DR"),
];

const changes: readonly Step[] = [
  post("/2010-04-01/Accounts/{SUB}.json", { Status: "suspended", CallerIdPolicy: "account" }),
  post(`${account}/Keys/{SK}.json`, { FriendlyName: "renamed" }),
  post("/v1/Interconnect/Exchanges/wasp", { Place: "Wasp Street" }),
  post("/v1/Edges/wasp-ix", { Place: "Wasp Street" }),
  post("/v1/Trunks/{TK}", { FriendlyName: "Two" }),
  post("/v1/HeaderPolicies/{HP}", { FriendlyName: "Dial plan" }),
  post("/v1/Trunks/{TK}/Recording", { Mode: "record-from-answer" }),
  post("/v1/Trunks/{TK}/OriginationUrls/{OU}", { Weight: "7" }),
  post(`${account}/SIP/IpAccessControlLists/{AL}.json`, { FriendlyName: "Offices" }),
  post(`${account}/SIP/IpAccessControlLists/{AL}/IpAddresses/{IP}.json`, { IpAddress: "192.0.2.2" }),
  post(`${account}/SIP/CredentialLists/{CL}.json`, { FriendlyName: "People" }),
  post(`${account}/SIP/CredentialLists/{CL}/Credentials/{CR}.json`, { Password: planted.newDigestPassword }),
  post(`${account}/IncomingPhoneNumbers/{PN}.json`, { FriendlyName: "Desk" }),
  post(`${account}/OutgoingCallerIds/{CI}.json`, { FriendlyName: "Mobile" }),
  post("/v1/Carriers/{KR}", { Password: planted.newCarrierPassword }),
  post("/v1/Carriers/{KR}/Gateways/{KG}", { Weight: "3" }),
  post("/v1/Carriers/{KR}/Routes/{KT}", { Priority: "3" }),
  post("/v1/Carriers/{KR}/Sources/{KS}", { Network: "192.0.2.0/25" }),
  post(`${lines}/{TX}`, { FriendlyName: "Line" }),
  post("/v1/DialingPermissions/BulkCountryUpdates", {
    UpdateRequest: '[{"iso_code":"CU","low_risk_numbers_enabled":"false"}]',
  }),
  post("/v1/Settings", { DialingPermissionsDefault: "open" }),
  post("/v1/DialingPermissions/RiskPrefixes/{DR}", { Risk: "low-risk" }),
  post(`${account}/Calls/{CA}.json`, { Status: "completed" }),
  post("/v1/Gateways/gw-1/Drain", {}),
  remove("/v1/Bans/192.0.2.7"),
  post("/v1/Captures", { Number: "+15550100" }),
  remove("/v1/Captures"),
];

const removals: readonly Step[] = [
  remove("/v1/DialingPermissions/BlockedPrefixes/{DB}"),
  remove("/v1/DialingPermissions/DoNotOriginatePrefixes/{DN}"),
  remove("/v1/DialingPermissions/RiskPrefixes/{DR}"),
  remove(`${lines}/{TX}/Shares/{SUB}`),
  remove(`${lines}/{TX}`),
  remove("/v1/Carriers/{KR}/Sources/{KS}"),
  remove("/v1/Carriers/{KR}/Routes/{KT}"),
  remove("/v1/Carriers/{KR}/Gateways/{KG}"),
  remove("/v1/Carriers/{KR}"),
  remove("/v1/HeaderPolicies/{HP}"),
  remove("/v1/Trunks/{TK}/PhoneNumbers/{PN}"),
  remove(`${account}/IncomingPhoneNumbers/{PN}.json`),
  remove(`${account}/OutgoingCallerIds/{CI}.json`),
  remove("/v1/Trunks/{TK}/CredentialLists/{CL}"),
  remove("/v1/Trunks/{TK}/IpAccessControlLists/{AL}"),
  remove(`${account}/SIP/CredentialLists/{CL}/Credentials/{CR}.json`),
  remove(`${account}/SIP/CredentialLists/{CL}.json`),
  remove(`${account}/SIP/IpAccessControlLists/{AL}/IpAddresses/{IP}.json`),
  remove(`${account}/SIP/IpAccessControlLists/{AL}.json`),
  remove("/v1/Trunks/{TK}/OriginationUrls/{OU}"),
  remove("/v1/Trunks/{TK}"),
  remove(`${account}/Keys/{SK}.json`),
];

/** An edge and an exchange that nothing hangs on any more: a line that is being deleted still hangs on its own. */
const spare: readonly Step[] = [
  post("/v1/Interconnect/Exchanges", { Name: "bee" }),
  post("/v1/Edges", { Name: "bee", LegacyId: "b1", Region: "b1", Kind: "public" }),
  remove("/v1/Edges/bee"),
  remove("/v1/Interconnect/Exchanges/bee"),
];

export const walk: readonly Step[] = [...creations, ...changes, ...removals, ...spare];

/** What the walk has made so far. */
export type Names = Map<string, string>;

export function withNames(text: string, names: Names): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => names.get(name) ?? all);
}

/** The gateways that the walk's commands go to, and the names that it begins with. */
export function prepareWalk(harness: ExchangeHarness): Names {
  const call = createSid("CA");
  harness.gateways.calls = [liveCall(call, harness.operator)];
  harness.gateways.states = [gatewayState({ name: "gw-1" })];
  harness.gateways.command = async (_gateway, { name }) =>
    name === "lift-ban" ? { ok: true, name, lifted: 1 } : { ok: true, name: "drain" };
  return new Map([
    ["AC", harness.operator.sid],
    ["CA", call],
  ]);
}

/** Sends the request; returns what it revealed. */
export async function take(harness: ExchangeHarness, step: Step, names: Names): Promise<string | undefined> {
  const path = withNames(step.path, names);
  const form = step.form && filled(step.form, names);
  const reply = await harness.request(harness.operator, step.method, path, form);
  assert.ok(reply.status < 300, `${step.method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  if (step.makes !== undefined) names.set(step.makes, String(reply.body["sid"]));
  return step.reveals === undefined ? undefined : String(reply.body[step.reveals]);
}

function filled(form: FormFields, names: Names): FormFields {
  return Object.fromEntries(
    Object.entries(form).map(([name, values]) => [
      name,
      [values].flat().map((value) => withNames(value, names)),
    ]),
  );
}

function liveCall(sid: string, owner: TestAccount): LiveCall {
  return {
    sid,
    direction: "termination",
    accountSid: owner.sid,
    trunkSid: null,
    callingNumber: "+15550000001",
    calledNumber: "+15550000002",
    status: "in-progress",
    setupAtMs: 0,
    answeredAtMs: 0,
  };
}
