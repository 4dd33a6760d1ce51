import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildProgram } from "../program.ts";
import { type Answer, startControlDouble } from "../testing/control-double.ts";
import { type RecordingContext, recordingContext } from "../testing/recording-context.ts";
import { optionOf } from "./resource.ts";
import { resources } from "./resources.ts";

interface Result {
  readonly requests: readonly string[];
  readonly accounts: readonly unknown[];
  readonly context: RecordingContext;
}

/** Runs a command line against a control that gives these answers. */
async function run(line: readonly string[], answers: readonly Answer[], input?: string): Promise<Result> {
  const control = await startControlDouble(answers);
  const environment = { TANDEM_URL: control.url, TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  const context = recordingContext({ environment, ...(input !== undefined && { input }) });
  try {
    await buildProgram(context).parseAsync(["node", "tandem", ...line]);
  } finally {
    await control.close();
  }
  return { requests: control.requests, accounts: control.accounts, context };
}

const account = "/2010-04-01/Accounts/AC1";
const requestsOf: readonly (readonly [line: string, request: string])[] = [
  ["trunks show TK1", "GET /v1/Trunks/TK1"],
  ["trunks show a/../b", "GET /v1/Trunks/a%2F..%2Fb"],
  [
    "trunks create --friendly-name Office --domain-name office",
    "POST /v1/Trunks FriendlyName=Office&DomainName=office",
  ],
  [
    "trunks create --set CnamLookupEnabled=true --set X=a=b",
    "POST /v1/Trunks CnamLookupEnabled=true&X=a%3Db",
  ],
  ["trunks update TK1 --secure true", "POST /v1/Trunks/TK1 Secure=true"],
  ["trunks delete TK1", "DELETE /v1/Trunks/TK1"],
  [
    "origination-urls create --trunk TK1 --sip-url sip:pbx.test",
    "POST /v1/Trunks/TK1/OriginationUrls SipUrl=sip%3Apbx.test",
  ],
  ["origination-urls delete OU1 --trunk TK1", "DELETE /v1/Trunks/TK1/OriginationUrls/OU1"],
  [
    "numbers create --phone-number +15550100",
    `POST ${account}/IncomingPhoneNumbers.json PhoneNumber=%2B15550100`,
  ],
  ["numbers update PN1 --trunk-sid TK1", `POST ${account}/IncomingPhoneNumbers/PN1.json TrunkSid=TK1`],
  ["acls show AL1", `GET ${account}/SIP/IpAccessControlLists/AL1.json`],
  [
    "acl-addresses create --acl AL1 --ip-address 192.0.2.1",
    `POST ${account}/SIP/IpAccessControlLists/AL1/IpAddresses.json IpAddress=192.0.2.1`,
  ],
  [
    "credentials create --list CL1 --username u --password p",
    `POST ${account}/SIP/CredentialLists/CL1/Credentials.json Username=u&Password=p`,
  ],
  ["calls show CA1", `GET ${account}/Calls/CA1.json`],
  ["dialing-permissions show GB", "GET /v1/DialingPermissions/Countries/GB"],
  [
    "blocked-prefixes create --prefix +44909 --all-accounts true",
    "POST /v1/DialingPermissions/BlockedPrefixes Prefix=%2B44909&AllAccounts=true",
  ],
  ["do-not-originate-prefixes delete DN1", "DELETE /v1/DialingPermissions/DoNotOriginatePrefixes/DN1"],
  ["risk-prefixes update DR1 --risk low-risk", "POST /v1/DialingPermissions/RiskPrefixes/DR1 Risk=low-risk"],
  ["carriers create --friendly-name East", "POST /v1/Carriers FriendlyName=East"],
  ["attach TK1 --acl AL1", "POST /v1/Trunks/TK1/IpAccessControlLists IpAccessControlListSid=AL1"],
  ["attach TK1 --credential-list CL1", "POST /v1/Trunks/TK1/CredentialLists CredentialListSid=CL1"],
  ["attach TK1 --number PN1", "POST /v1/Trunks/TK1/PhoneNumbers PhoneNumberSid=PN1"],
  ["detach TK1 --number PN1", "DELETE /v1/Trunks/TK1/PhoneNumbers/PN1"],
  [
    "carrier-sources create --carrier KR1 --network 192.0.2.0/24",
    "POST /v1/Carriers/KR1/Sources Network=192.0.2.0%2F24",
  ],
  ["exchanges show ashburn", "GET /v1/Interconnect/Exchanges/ashburn"],
  [
    "exchanges create --name west --bandwidth-mbps 10 100",
    "POST /v1/Interconnect/Exchanges Name=west&BandwidthMbps=10&BandwidthMbps=100",
  ],
  [
    "edges update west-ix --signaling-address 192.0.2.1 192.0.2.2 --tls-port 5071",
    "POST /v1/Edges/west-ix SignalingAddress=192.0.2.1&SignalingAddress=192.0.2.2&TlsPort=5071",
  ],
  ["edges delete west-ix", "DELETE /v1/Edges/west-ix"],
  [
    "acls update AL1 --connection-sid TX1",
    `POST ${account}/SIP/IpAccessControlLists/AL1.json ConnectionSid=TX1`,
  ],
  ["connections show TX1", "GET /v1/Interconnect/Connections/TX1"],
  [
    "connections create --type vpn --edge london-ix --bandwidth-mbps 100 --ip-routes 192.0.2.0/24 --ip-routes 198.51.100.7",
    "POST /v1/Interconnect/Connections Type=vpn&Edge=london-ix&BandwidthMbps=100&IpRoutes=192.0.2.0%2F24&IpRoutes=198.51.100.7",
  ],
  ["connections update TX1 --fallback public", "POST /v1/Interconnect/Connections/TX1 Fallback=public"],
  ["connections activate TX1", "POST /v1/Interconnect/Connections/TX1 Status=active"],
  ["connections deactivate TX1", "POST /v1/Interconnect/Connections/TX1 Status=inactive"],
  ["connections delete TX1", "DELETE /v1/Interconnect/Connections/TX1"],
  [
    "connection-shares create --connection TX1 --account-sid AC2",
    "POST /v1/Interconnect/Connections/TX1/Shares AccountSid=AC2",
  ],
  ["connection-shares delete AC2 --connection TX1", "DELETE /v1/Interconnect/Connections/TX1/Shares/AC2"],
  ["bans delete 192.0.2.7", "DELETE /v1/Bans/192.0.2.7"],
  ["drain gateway-1", "POST /v1/Gateways/gateway-1/Drain"],
  ["drain gateway-1 --exit", "POST /v1/Gateways/gateway-1/Drain ExitWhenIdle=true"],
  ["accounts create --friendly-name Bakery", "POST /2010-04-01/Accounts.json FriendlyName=Bakery"],
  ["accounts update AC2 --status suspended", "POST /2010-04-01/Accounts/AC2.json Status=suspended"],
  ["keys delete SK1", `DELETE ${account}/Keys/SK1.json`],
  ["hang-up CA1", `POST ${account}/Calls/CA1.json Status=completed`],
];

describe("client verbs", () => {
  for (const [line, request] of requestsOf) {
    it(`tandem ${line}`, async () => {
      assert.deepEqual((await run(line.split(" "), [{ body: { sid: "X" } }])).requests, [request]);
    });
  }

  it("--account names a subaccount: in the path where there is one in it, in a header field always", async () => {
    for (const [line, request] of [
      ["trunks list", "GET /v1/Trunks?PageSize=100"],
      ["numbers list", "GET /2010-04-01/Accounts/AC2/IncomingPhoneNumbers.json?PageSize=100"],
    ] as const) {
      const key = line.startsWith("trunks") ? "trunks" : "incoming_phone_numbers";
      const words = [...line.split(" "), "--account", "AC2"];
      const { requests, accounts } = await run(words, [{ body: { [key]: [] } }]);
      assert.deepEqual([requests, accounts], [[request], ["AC2"]], line);
    }
    const { requests, accounts } = await run(["hang-up", "CA1", "--account", "AC2"], [{}]);
    assert.deepEqual(requests, ["POST /2010-04-01/Accounts/AC2/Calls/CA1.json Status=completed"]);
    assert.deepEqual(accounts, ["AC2"]);
  });

  it("a list is a table, or JSON", async () => {
    const answer = { body: { trunks: [{ sid: "TK1", friendly_name: "Office" }], meta: {} } };
    const table = await run(["trunks", "list"], [answer]);
    assert.deepEqual(table.requests, ["GET /v1/Trunks?PageSize=100"]);
    assert.match(table.context.printed[0] ?? "", /^SID +FRIENDLY_NAME .*\nTK1 +Office /);
    const { context } = await run(["trunks", "list", "--json", "--limit", "5"], [answer]);
    assert.deepEqual(JSON.parse(context.printed[0] ?? ""), answer.body.trunks);
  });

  const lists: readonly (readonly [line: string, key: string, path: string])[] = [
    ["trunks", "trunks", "/v1/Trunks"],
    ["origination-urls --trunk TK1", "origination_urls", "/v1/Trunks/TK1/OriginationUrls"],
    ["numbers", "incoming_phone_numbers", `${account}/IncomingPhoneNumbers.json`],
    ["caller-ids", "outgoing_caller_ids", `${account}/OutgoingCallerIds.json`],
    ["acls", "ip_access_control_lists", `${account}/SIP/IpAccessControlLists.json`],
    ["acl-addresses --acl AL1", "ip_addresses", `${account}/SIP/IpAccessControlLists/AL1/IpAddresses.json`],
    ["credential-lists", "credential_lists", `${account}/SIP/CredentialLists.json`],
    ["credentials --list CL1", "credentials", `${account}/SIP/CredentialLists/CL1/Credentials.json`],
    ["calls", "calls", `${account}/Calls.json`],
    ["call-samples --call CA1", "audio_samples", `${account}/Calls/CA1/AudioSamples.json`],
    ["alerts", "alerts", "/v1/Alerts"],
    ["bans", "bans", "/v1/Bans"],
    ["header-policies", "header_policies", "/v1/HeaderPolicies"],
    ["audit", "audit_events", "/v1/AuditEvents"],
    ["carriers", "carriers", "/v1/Carriers"],
    ["carrier-gateways --carrier KR1", "gateways", "/v1/Carriers/KR1/Gateways"],
    ["carrier-routes --carrier KR1", "routes", "/v1/Carriers/KR1/Routes"],
    ["carrier-sources --carrier KR1", "sources", "/v1/Carriers/KR1/Sources"],
    ["dialing-permissions", "content", "/v1/DialingPermissions/Countries"],
    [
      "special-prefixes --country GB",
      "content",
      "/v1/DialingPermissions/Countries/GB/HighRiskSpecialPrefixes",
    ],
    ["blocked-prefixes", "blocked_prefixes", "/v1/DialingPermissions/BlockedPrefixes"],
    [
      "do-not-originate-prefixes",
      "do_not_originate_prefixes",
      "/v1/DialingPermissions/DoNotOriginatePrefixes",
    ],
    ["risk-prefixes", "risk_prefixes", "/v1/DialingPermissions/RiskPrefixes"],
    ["edges", "edges", "/v1/Edges"],
    ["exchanges", "exchanges", "/v1/Interconnect/Exchanges"],
    ["ip-ranges", "ip_ranges", "/v1/Interconnect/IpRanges"],
    ["connections", "connections", "/v1/Interconnect/Connections"],
    [
      "connection-transitions --connection TX1",
      "transitions",
      "/v1/Interconnect/Connections/TX1/Transitions",
    ],
    ["connection-shares --connection TX1", "shares", "/v1/Interconnect/Connections/TX1/Shares"],
    ["gateways", "gateways", "/v1/Gateways"],
    ["accounts", "accounts", "/2010-04-01/Accounts.json"],
    ["keys", "keys", `${account}/Keys.json`],
  ];
  it("every resource is in the table below", () => {
    assert.deepEqual(
      new Set(resources.map(({ command }) => command)),
      new Set(lists.map(([line]) => line.split(" ")[0])),
    );
  });
  for (const [line, key, path] of lists) {
    it(`tandem ${line.replace(" ", " list ")} reads ${key} of ${path}`, async () => {
      const [command = "", ...options] = line.split(" ");
      const answer = { body: { [key]: [{ sid: "X" }], meta: {} } };
      const { requests, context } = await run([command, "list", ...options, "--json"], [answer]);
      assert.deepEqual(requests, [`GET ${path}?PageSize=100`]);
      assert.deepEqual(JSON.parse(context.printed[0] ?? ""), [{ sid: "X" }]);
    });
  }

  it("filters narrow a list", async () => {
    const { requests } = await run(
      ["calls", "list", "--trunk-sid", "TK1", "--status", "busy"],
      [{ body: { calls: [] } }],
    );
    assert.deepEqual(requests, [`GET ${account}/Calls.json?Status=busy&TrunkSid=TK1&PageSize=100`]);
  });

  it("a password of - comes from standard input, without its line end", async () => {
    const line = ["credentials", "update", "CR1", "--list", "CL1", "--password", "-"];
    const { requests } = await run(line, [{}], "s3cret\n");
    assert.deepEqual(requests, [
      `POST ${account}/SIP/CredentialLists/CL1/Credentials/CR1.json Password=s3cret`,
    ]);
  });

  it("so do the secrets of a private line, one at a time", async () => {
    const line = ["connections", "update", "TX1", "--pre-shared-key", "-"];
    const { requests } = await run(line, [{}], "a-long-secret-key\n");
    assert.deepEqual(requests, ["POST /v1/Interconnect/Connections/TX1 PreSharedKey=a-long-secret-key"]);
    const both = [...line, "--bgp-password", "-"];
    await assert.rejects(run(both, [{}], "x"), /one secret only/);
  });

  const refusals: readonly (readonly [line: string, message: RegExp])[] = [
    ["trunks update TK1", /nothing to change/],
    ["connections update TX1", /nothing to change/],
    ["trunks create --set =x", /write Name=Value/],
    ["trunks list --limit 0", /a number of rows from 1/],
    ["trunks list --limit many", /a number of rows from 1/],
    ["attach TK1", /name what/],
  ];
  for (const [line, message] of refusals) {
    it(`tandem ${line} asks nothing`, async () => {
      await assert.rejects(run(line.split(" "), [{}]), message);
    });
  }
});

describe("the catalogue of resources", () => {
  it("a parameter becomes an option", () => {
    assert.equal(optionOf("FriendlyName"), "friendly-name");
    assert.equal(optionOf("CidrPrefixLength"), "cidr-prefix-length");
    assert.equal(optionOf("Enabled"), "enabled");
  });

  it("commands are there once, and a path with a parent has its option", () => {
    assert.equal(new Set(resources.map((resource) => resource.command)).size, resources.length);
    for (const { command, path, parent } of resources) {
      assert.equal(path.includes("{parent}"), parent !== undefined, command);
    }
  });
});
