/** A resource of the API as the command line offers it. */

export type Verb = "list" | "show" | "create" | "update" | "delete";

export interface Resource {
  /** The word on the command line, plural. */
  readonly command: string;
  readonly about: string;
  /** Path of the list; `{account}` is the caller's account, `{parent}` the SID of the parent option. */
  readonly path: string;
  /** 2010-04-01 paths end in `.json`. */
  readonly suffix: "" | ".json";
  /** Field of the list in the answer. */
  readonly key: string;
  /** The object it belongs to: the option that must name it. */
  readonly parent?: { readonly option: string; readonly about: string };
  readonly verbs: readonly Verb[];
  /** Fields that the table shows. */
  readonly columns: readonly string[];
  /** Parameters of create and update in the API's spelling; each becomes an option, `FriendlyName` `--friendly-name`. */
  readonly parameters: readonly string[];
  /** Those of them that may be given more than once. */
  readonly repeated?: readonly string[];
  /** Verbs of its own that write one parameter: `tandem connections activate TX…`. */
  readonly actions?: readonly {
    readonly verb: string;
    readonly about: string;
    readonly parameter: readonly [name: string, value: string];
  }[];
  /** Parameters that narrow a list. */
  readonly filters?: readonly string[];
}

const everything: readonly Verb[] = ["list", "show", "create", "update", "delete"];
const account = "/2010-04-01/Accounts/{account}";

export const resources: readonly Resource[] = [
  {
    command: "trunks",
    about: "elastic SIP trunks",
    path: "/v1/Trunks",
    suffix: "",
    key: "trunks",
    verbs: everything,
    columns: ["sid", "friendly_name", "domain_name", "auth_type", "secure"],
    parameters: [
      "FriendlyName",
      "DomainName",
      "Secure",
      "SourcePolicy",
      "CallsPerSecond",
      "ConcurrentCalls",
      "FirstResponseSeconds",
      "ProgressSeconds",
      "RingSeconds",
      "FailoverOverrides",
      "MaximumDurationSeconds",
      "MediaDscp",
      "TerminationHeaderPolicySid",
      "OriginationHeaderPolicySid",
      "TlsPeerAuthorities",
      "TlsPeerNames",
      "Codecs",
    ],
  },
  {
    command: "origination-urls",
    about: "where a trunk's calls from the PSTN go",
    path: "/v1/Trunks/{parent}/OriginationUrls",
    suffix: "",
    key: "origination_urls",
    parent: { option: "trunk", about: "SID of the trunk" },
    verbs: everything,
    columns: ["sid", "sip_url", "priority", "weight", "enabled", "friendly_name"],
    parameters: ["FriendlyName", "SipUrl", "Priority", "Weight", "Enabled"],
  },
  {
    command: "numbers",
    about: "phone numbers of the account",
    path: `${account}/IncomingPhoneNumbers`,
    suffix: ".json",
    key: "incoming_phone_numbers",
    verbs: everything,
    columns: ["sid", "phone_number", "friendly_name", "trunk_sid"],
    parameters: ["PhoneNumber", "FriendlyName", "TrunkSid"],
    filters: ["PhoneNumber", "FriendlyName", "TrunkSid"],
  },
  {
    command: "acls",
    about: "IP access control lists",
    path: `${account}/SIP/IpAccessControlLists`,
    suffix: ".json",
    key: "ip_access_control_lists",
    verbs: everything,
    columns: ["sid", "friendly_name", "connection_sid", "date_updated"],
    parameters: ["FriendlyName", "ConnectionSid"],
  },
  {
    command: "acl-addresses",
    about: "addresses of an IP access control list",
    path: `${account}/SIP/IpAccessControlLists/{parent}/IpAddresses`,
    suffix: ".json",
    key: "ip_addresses",
    parent: { option: "acl", about: "SID of the IP access control list" },
    verbs: everything,
    columns: ["sid", "ip_address", "cidr_prefix_length", "friendly_name"],
    parameters: ["FriendlyName", "IpAddress", "CidrPrefixLength"],
  },
  {
    command: "credential-lists",
    about: "lists of digest credentials",
    path: `${account}/SIP/CredentialLists`,
    suffix: ".json",
    key: "credential_lists",
    verbs: everything,
    columns: ["sid", "friendly_name", "date_updated"],
    parameters: ["FriendlyName", "DigestAlgorithm"],
  },
  {
    command: "credentials",
    about: "user names and passwords of a credential list",
    path: `${account}/SIP/CredentialLists/{parent}/Credentials`,
    suffix: ".json",
    key: "credentials",
    parent: { option: "list", about: "SID of the credential list" },
    verbs: everything,
    columns: ["sid", "username", "date_updated"],
    parameters: ["Username", "Password"],
  },
  {
    command: "calls",
    about: "call records and calls in progress",
    path: `${account}/Calls`,
    suffix: ".json",
    key: "calls",
    verbs: ["list", "show"],
    columns: ["sid", "direction", "from", "to", "status", "start_time", "duration", "trunk_sid"],
    parameters: [],
    filters: [
      "From",
      "To",
      "Status",
      "TrunkSid",
      "ConnectionSid",
      "OneWayAudio",
      "TelephoneEventsFrom",
      "MosBelow",
      "StartTime",
      "Search",
    ],
  },
  {
    command: "call-samples",
    about: "how a call sounded, about every ten seconds, from each side",
    path: `${account}/Calls/{parent}/AudioSamples`,
    suffix: ".json",
    key: "audio_samples",
    parent: { option: "call", about: "SID of the call" },
    verbs: ["list"],
    columns: ["start_ms", "period_ms", "from", "packets", "lost", "jitter_ms", "round_trip_ms", "mos"],
    parameters: [],
  },
  {
    command: "alerts",
    about: "what went wrong and whose fault it was",
    path: "/v1/Alerts",
    suffix: "",
    key: "alerts",
    verbs: ["list", "show"],
    columns: ["date_generated", "log_level", "error_code", "alert_text", "resource_sid"],
    parameters: [],
    filters: ["LogLevel", "StartDate", "EndDate", "ErrorCode", "CallSid", "TrunkSid"],
  },
  {
    command: "bans",
    about: "sources that gateways don't hear for a while; delete lifts a ban (operator only)",
    path: "/v1/Bans",
    suffix: "",
    key: "bans",
    verbs: ["list", "delete"],
    columns: ["gateway", "interface", "address", "cause", "verified", "ends_at"],
    parameters: [],
  },
  {
    command: "header-policies",
    about: "rules that rewrite the numbers of calls of a trunk; --rules takes JSON",
    path: "/v1/HeaderPolicies",
    suffix: "",
    key: "header_policies",
    verbs: everything,
    columns: ["sid", "friendly_name", "rules", "date_updated"],
    parameters: ["FriendlyName", "Rules"],
  },
  {
    command: "audit",
    about: "who changed what over the API, oldest first",
    path: "/v1/AuditEvents",
    suffix: "",
    key: "audit_events",
    verbs: ["list", "show"],
    columns: ["sid", "event_date", "actor_sid", "source_ip_address", "operation", "resource_sid", "changes"],
    parameters: [],
    filters: ["Since", "Until", "ResourceSid"],
  },
  {
    command: "carriers",
    about: "who carries calls to and from the PSTN (operator only)",
    path: "/v1/Carriers",
    suffix: "",
    key: "carriers",
    verbs: everything,
    columns: ["sid", "friendly_name", "enabled"],
    parameters: [
      "FriendlyName",
      "Enabled",
      "Username",
      "Password",
      "RegistrarUrl",
      "AddressOfRecord",
      "SourcePolicy",
      "FirstResponseSeconds",
      "ProgressSeconds",
      "RingSeconds",
      "FailoverOverrides",
      "TlsPeerAuthorities",
      "TlsPeerNames",
      "Codecs",
    ],
  },
  {
    command: "carrier-gateways",
    about: "where a carrier takes calls (operator only)",
    path: "/v1/Carriers/{parent}/Gateways",
    suffix: "",
    key: "gateways",
    parent: { option: "carrier", about: "SID of the carrier" },
    verbs: everything,
    columns: ["sid", "sip_url", "priority", "weight", "enabled", "edge"],
    parameters: ["SipUrl", "Priority", "Weight", "Enabled", "Edge"],
  },
  {
    command: "carrier-routes",
    about: "prefixes that a carrier carries (operator only)",
    path: "/v1/Carriers/{parent}/Routes",
    suffix: "",
    key: "routes",
    parent: { option: "carrier", about: "SID of the carrier" },
    verbs: everything,
    columns: ["sid", "prefix", "priority", "weight"],
    parameters: ["Prefix", "Priority", "Weight"],
  },
  {
    command: "carrier-sources",
    about: "networks that a carrier's calls come from (operator only)",
    path: "/v1/Carriers/{parent}/Sources",
    suffix: "",
    key: "sources",
    parent: { option: "carrier", about: "SID of the carrier" },
    verbs: everything,
    columns: ["sid", "network"],
    parameters: ["Network"],
  },
  {
    command: "edges",
    about: "network places where customers and carriers meet us",
    path: "/v1/Edges",
    suffix: "",
    key: "edges",
    verbs: everything,
    columns: ["name", "legacy_id", "region", "kind", "exchange", "place", "signaling_addresses", "source"],
    parameters: [
      "Name",
      "LegacyId",
      "Region",
      "Kind",
      "Exchange",
      "Place",
      "SignalingAddress",
      "UdpPort",
      "TcpPort",
      "TlsPort",
    ],
    repeated: ["SignalingAddress"],
  },
  {
    command: "exchanges",
    about: "physical places where private lines end",
    path: "/v1/Interconnect/Exchanges",
    suffix: "",
    key: "exchanges",
    verbs: everything,
    columns: ["sid", "name", "place", "data_center", "edges", "bandwidth_mbps", "source"],
    parameters: ["Name", "Place", "DataCenter", "BgpPrefix", "EncryptionDomain", "BandwidthMbps"],
    repeated: ["BgpPrefix", "EncryptionDomain", "BandwidthMbps"],
  },
  {
    command: "ip-ranges",
    about: "addresses and ports of signaling and media; see also firewall",
    path: "/v1/Interconnect/IpRanges",
    suffix: "",
    key: "ip_ranges",
    verbs: ["list"],
    columns: ["kind", "edge", "legacy_id", "edge_kind", "network", "ports", "source"],
    parameters: [],
    filters: ["Kind", "Edge", "EdgeKind", "Source"],
  },
  {
    command: "connections",
    about: "private lines into private edges",
    path: "/v1/Interconnect/Connections",
    suffix: "",
    key: "connections",
    verbs: everything,
    columns: ["sid", "friendly_name", "type", "edge", "bandwidth_mbps", "status", "ip_routes"],
    parameters: [
      "FriendlyName",
      "AccountSid",
      "Type",
      "Edge",
      "BandwidthMbps",
      "Fallback",
      "IpRoutes",
      "VpnGatewayAddress",
      "MplsCarrierSid",
      "CustomerAsn",
      "BgpPassword",
      "PreSharedKey",
      "Device",
      "NextHop",
      "ExchangeAsn",
      "CustomerPeerAddress",
      "ExchangePeerAddress",
      "AllowPrivateAddresses",
      "DateExpires",
    ],
    repeated: ["IpRoutes"],
    actions: [
      { verb: "activate", about: "let calls over the line", parameter: ["Status", "active"] },
      { verb: "deactivate", about: "let no calls over the line", parameter: ["Status", "inactive"] },
    ],
    filters: ["AccountSid", "Edge", "Status"],
  },
  {
    command: "connection-transitions",
    about: "what became of a private line, oldest first",
    path: "/v1/Interconnect/Connections/{parent}/Transitions",
    suffix: "",
    key: "transitions",
    parent: { option: "connection", about: "SID of the connection" },
    verbs: ["list"],
    columns: ["date_created", "from_status", "to_status", "code", "cause"],
    parameters: [],
  },
  {
    command: "connection-shares",
    about: "subaccounts that may use a private line",
    path: "/v1/Interconnect/Connections/{parent}/Shares",
    suffix: "",
    key: "shares",
    parent: { option: "connection", about: "SID of the connection" },
    verbs: ["list", "create", "delete"],
    columns: ["account_sid", "date_created"],
    parameters: ["AccountSid"],
  },
  {
    command: "gateways",
    about: "gateways and their state (operator only)",
    path: "/v1/Gateways",
    suffix: "",
    key: "gateways",
    verbs: ["list"],
    columns: ["name", "edge", "connected", "draining", "live_calls", "snapshot_version", "last_seen"],
    parameters: [],
  },
];

/** `FriendlyName` to `friendly-name`. */
export function optionOf(parameter: string): string {
  return parameter.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
}

/** Path of the list, or of one object when a SID is given. */
export function pathOf(
  resource: Resource,
  scope: { readonly accountSid: string; readonly parentSid?: string | undefined },
  sid?: string,
): string {
  const list = resource.path
    .replace("{account}", encodeURIComponent(scope.accountSid))
    .replace("{parent}", encodeURIComponent(scope.parentSid ?? ""));
  return `${list}${sid === undefined ? "" : `/${encodeURIComponent(sid)}`}${resource.suffix}`;
}
