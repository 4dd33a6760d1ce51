/** Every check, default and cascade of the schema, both sides of each limit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "./database.ts";
import { insertStatement } from "./queries/assignments.ts";
import { createSid } from "./sid.ts";
import { describeOnBothEngines } from "./testing/index.ts";

type Row = Readonly<Record<string, unknown>>;

async function add(database: Database, table: string, row: Row): Promise<void> {
  const { text, values } = insertStatement(table, row);
  await database.query(text, values);
}

/** SIDs of rows that others refer to. */
interface Parents {
  readonly AC: string;
  readonly TK: string;
  readonly AL: string;
  readonly CL: string;
  readonly KR: string;
  readonly CA: string;
  readonly TX: string;
}

let serial = 0;
function unique(): string {
  serial += 1;
  return `n${serial}`;
}

/** A sound row of each table. */
const sound: Readonly<Record<string, (parents: Parents) => Row>> = {
  accounts: () => ({ sid: createSid("AC"), friendly_name: "a", auth_token_hash: "h" }),
  api_keys: ({ AC }) => ({ sid: createSid("SK"), account_sid: AC, secret_hash: "h" }),
  edges: () => ({ name: unique(), legacy_id: unique(), region: "us1", kind: "private" }),
  trunks: ({ AC }) => ({ sid: createSid("TK"), account_sid: AC }),
  origination_urls: ({ TK }) => ({
    sid: createSid("OU"),
    trunk_sid: TK,
    friendly_name: "u",
    sip_url: "sip:h",
    priority: 1,
    weight: 1,
    enabled: true,
  }),
  ip_access_control_lists: ({ AC }) => ({ sid: createSid("AL"), account_sid: AC, friendly_name: unique() }),
  ip_addresses: ({ AL }) => ({
    sid: createSid("IP"),
    ip_access_control_list_sid: AL,
    friendly_name: unique(),
    ip_address: `192.0.2.${serial % 256}`,
    cidr_prefix_length: 32,
  }),
  credential_lists: ({ AC }) => ({ sid: createSid("CL"), account_sid: AC, friendly_name: unique() }),
  credentials: ({ CL }) => ({
    sid: createSid("CR"),
    credential_list_sid: CL,
    username: unique(),
    ha1_encrypted: new Uint8Array([1]),
  }),
  incoming_phone_numbers: ({ AC }) => ({
    sid: createSid("PN"),
    account_sid: AC,
    phone_number: `+1415555${String(1000 + serial++)}`,
    friendly_name: "n",
  }),
  outgoing_caller_ids: ({ AC }) => ({
    sid: createSid("PN"),
    account_sid: AC,
    phone_number: `+4420794${String(1000 + serial++)}`,
  }),
  carriers: () => ({ sid: createSid("KR"), friendly_name: "c" }),
  carrier_gateways: ({ KR }) => ({ sid: createSid("KG"), carrier_sid: KR, sip_url: "sip:h" }),
  carrier_routes: ({ KR }) => ({ sid: createSid("KT"), carrier_sid: KR, prefix: `+${serial++}` }),
  carrier_sources: ({ KR }) => ({
    sid: createSid("KS"),
    carrier_sid: KR,
    network: `10.0.${serial >> 8}.${serial++ % 256}/32`,
  }),
  gateways: () => ({ name: unique(), token_hash: "h" }),
  connections: ({ AC }) => ({
    sid: createSid("TX"),
    account_sid: AC,
    type: "crossconnect",
    edge: "line-ix",
    bandwidth_mbps: 100,
    status: "inactive",
    device: unique(),
    line_number: 1 + serial++,
  }),
  connection_routes: ({ TX }) => ({
    connection_sid: TX,
    network: `10.1.${serial >> 8}.${serial++ % 256}/32`,
  }),
  connection_shares: ({ TX, AC }) => ({ connection_sid: TX, account_sid: AC }),
  connection_transitions: ({ TX }) => ({
    connection_sid: TX,
    to_status: "inactive",
    cause: "c",
    date_created: new Date(0),
  }),
  call_legs: () => ({
    call_sid: createSid("CA"),
    attempt_index: 0,
    gateway: "g",
    edge: "e",
    setup_at: new Date(0),
    released_at: new Date(0),
    leg: {},
  }),
  calls: () => ({
    sid: createSid("CA"),
    direction: "termination",
    status: "completed",
    calling_number: "+1",
    called_number: "+2",
    gateway: "g",
    edge: "e",
    ingress_sip_call_id: "i",
    start_time: new Date(0),
    duration_seconds: 0,
    record: {},
  }),
  call_attempts: ({ CA }) => ({
    call_sid: CA,
    index: serial++,
    candidate_sid: "c",
    url: "sip:h",
    result: "failed",
    started_at: new Date(0),
    ended_at: new Date(0),
    attempt: {},
  }),
  alerts: () => ({
    sid: createSid("NO"),
    gateway: "g",
    code: 1,
    level: "error",
    alert_text: "t",
    date_generated: new Date(0),
  }),
};

async function prepared(database: Database): Promise<Parents> {
  const parents: Record<string, string> = {};
  await add(database, "edges", { name: "line-ix", legacy_id: "l-ix", region: "r", kind: "private" });
  for (const table of [
    "accounts",
    "trunks",
    "ip_access_control_lists",
    "credential_lists",
    "carriers",
    "calls",
    "connections",
  ]) {
    const row = rowOf(table, parents as unknown as Parents);
    await add(database, table, row);
    const sid = String(row["sid"]);
    parents[sid.slice(0, 2)] = sid;
  }
  return parents as unknown as Parents;
}

function rowOf(table: string, parents: Parents): Row {
  const make = sound[table];
  assert.ok(make, table);
  return make(parents);
}

const timers: [column: string, taken: unknown[], refused: unknown[]][] = [
  ["first_response_seconds", [1, 60], [0.99, 60.01]],
  ["progress_seconds", [1, 300], [0.99, 300.01]],
  ["ring_seconds", [1, 600], [0.99, 600.01]],
  ["source_policy", ["address", "strict", "symmetric"], ["any"]],
];
const codecs: [column: string, taken: unknown[], refused: unknown[]][] = [
  ["codecs", [[], Array.from({ length: 8 }, () => "PCMU")], [Array.from({ length: 9 }, () => "PCMU")]],
];
const order: [column: string, taken: unknown[], refused: unknown[]][] = [
  ["priority", [0, 65_535], [-1, 65_536]],
  ["weight", [1, 65_535], [0, 65_536]],
];

const checks: Readonly<Record<string, [column: string, taken: unknown[], refused: unknown[]][]>> = {
  accounts: [
    ["calls_per_second", [0.1, null], [0, -1]],
    ["caller_id_policy", ["any", "account", "account-or-diverted"], ["diverted", ""]],
    ["status", ["active", "suspended", "closed"], ["open"]],
    ["compatibility", ["tandem", "twilio"], ["other"]],
  ],
  edges: [
    ["name", ["a", "0-z", "a".repeat(63)], ["A", "-a", "a-", "a.b", "", "a".repeat(64)]],
    ["kind", ["private", "public"], ["secret"]],
    ["source", ["reference", "public-docs", "operator"], ["hearsay"]],
  ],
  trunks: [
    ...timers,
    ["disaster_recovery_method", ["GET", "POST"], ["PUT"]],
    ["transfer_mode", ["disable-all", "enable-all", "sip-only"], ["enable"]],
    ["caller_id_policy", ["any", "account", "account-or-diverted"], ["diverted", ""]],
    ["transfer_caller_id", ["from-transferee", "from-transferor"], ["from-nobody"]],
    [
      "recording_mode",
      [
        "do-not-record",
        "record-from-ringing",
        "record-from-answer",
        "record-from-ringing-dual",
        "record-from-answer-dual",
      ],
      ["record"],
    ],
    ["recording_trim", ["trim-silence", "do-not-trim"], ["trim"]],
    ["maximum_duration_seconds", [1], [0]],
    ["media_dscp", [0, 63], [-1, 64]],
    ...codecs,
    ["calls_per_second", [0.1, null], [0, -1]],
    ["concurrent_calls", [1, null], [0]],
  ],
  origination_urls: order,
  credential_lists: [["algorithm", ["MD5", "SHA-256"], ["SHA-512", "md5"]]],
  incoming_phone_numbers: [["voice_receive_mode", ["voice", "fax"], ["sms"]]],
  outgoing_caller_ids: [
    [
      "phone_number",
      ["+1234567", "+123456789012345"],
      ["", "1234567", "+0234567", "+123456", "+1234567890123456", "+123456a"],
    ],
  ],
  carriers: [...timers, ...codecs, ["identity", ["sign", "pass", "none"], ["strip"]]],
  carrier_gateways: order,
  carrier_routes: [...order, ["prefix", ["+", "+123456789012345"], ["", "1", "+a", "+1234567890123456"]]],
  gateways: [["name", ["a", "a".repeat(64)], ["", "a".repeat(65)]]],
  connections: [
    ["type", ["crossconnect", "vpn", "cloudconnect"], ["ipsec"]],
    ["bandwidth_mbps", [10, 100, 500, 1000], [0, 20, 10_000]],
    ["status", ["not-ready", "inactive", "active", "pending-deletion", "expired"], ["ready"]],
    ["fallback", ["none", "public"], ["private"]],
    ["device", ["a", "eth0.100", "a".repeat(15)], ["", "a".repeat(16), "a b", "a/b", ".", "..", "lo"]],
    ["next_hop", ["10.0.0.1", null], ["10.0.0.0/31", "fe80::1"]],
    ["customer_asn", [1, 4_294_967_294, null], [0, 4_294_967_295]],
    ["exchange_asn", [1, 4_294_967_294, null], [0, 4_294_967_295]],
    ["line_number", [16_777_214], [0, -1, 16_777_215]],
  ],
  connection_routes: [["network", ["10.2.3.0/24", "10.2.3.4/32"], ["10.2.2.0/23", "2001:db8::/64"]]],
  call_legs: [
    ["attempt_index", [0, 7], [-1]],
    ["call_sid", [`CA${"0".repeat(32)}`], ["CA1"]],
  ],
  calls: [
    ["direction", ["termination", "origination"], ["both"]],
    [
      "status",
      ["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"],
      ["over"],
    ],
  ],
  call_attempts: [
    ["index", [0], [-1]],
    ["result", ["answered", "failed", "skipped", "abandoned"], ["lost"]],
  ],
  alerts: [["level", ["error", "warning"], ["notice"]]],
};

describeOnBothEngines("checks of the schema", (open) => {
  test("columns take what they may and nothing else", async () => {
    const database = await open();
    const parents = await prepared(database);
    for (const [table, columns] of Object.entries(checks)) {
      for (const [column, taken, refused] of columns) {
        for (const value of taken) {
          const row = { ...rowOf(table, parents), [column]: value };
          await add(database, table, row).catch((error: unknown) =>
            assert.fail(`${table}.${column} = ${String(value)}: ${String(error)}`),
          );
          if (["gateways", "call_attempts", "carrier_routes", "call_legs"].includes(table))
            await database.query(`delete from ${table}`);
          if (table === "edges") await database.query("delete from edges where name <> 'line-ix'");
        }
        for (const value of refused) {
          const row = { ...rowOf(table, parents), [column]: value };
          await assert.rejects(
            add(database, table, row),
            { code: "23514" },
            `${table}.${column} = ${String(value)}`,
          );
        }
      }
    }
  });

  test("SIDs are two letters of their kind and 32 small hex digits", async () => {
    const database = await open();
    const parents = await prepared(database);
    for (const table of Object.keys(sound)) {
      const row = rowOf(table, parents);
      const { sid } = row;
      if (typeof sid !== "string") continue;
      for (const wrong of [
        `XX${sid.slice(2)}`,
        sid.slice(0, -1),
        `${sid}0`,
        `${sid.slice(0, -1)}G`,
        ` ${sid}`,
      ]) {
        await assert.rejects(add(database, table, { ...row, sid: wrong }), { code: "23514" }, wrong);
      }
      await add(database, table, row);
      await assert.rejects(add(database, table, { ...rowOf(table, parents), sid }), { code: "23505" }, table);
    }
  });

  test("an expiry of a registration is 60 to 86400 seconds", async () => {
    const database = await open();
    const carrier = (seconds: number): Row => ({
      sid: createSid("KR"),
      friendly_name: "c",
      registrar_url: "sip:r",
      address_of_record: "sip:a@r",
      registration_expires_seconds: seconds,
    });
    for (const seconds of [60, 86_400]) await add(database, "carriers", carrier(seconds));
    for (const seconds of [59, 86_401]) {
      await assert.rejects(add(database, "carriers", carrier(seconds)), { code: "23514" });
    }
    await assert.rejects(add(database, "carriers", { ...carrier(60), address_of_record: null }), {
      constraint: "carriers_registration",
    });
  });

  test("what a carrier has once: a route of a prefix, a network; a gateway names an edge that there is", async () => {
    const database = await open();
    const parents = await prepared(database);
    const other = createSid("KR");
    await add(database, "carriers", { sid: other, friendly_name: "d" });
    for (const [table, column, value, constraint] of [
      ["carrier_routes", "prefix", "+44", "carrier_routes_prefix"],
      ["carrier_sources", "network", "192.0.2.0/24", "carrier_sources_network"],
    ] as const) {
      const row = () => ({ ...rowOf(table, parents), [column]: value });
      await add(database, table, row());
      await add(database, table, { ...row(), carrier_sid: other });
      await assert.rejects(add(database, table, row()), { code: "23505", constraint });
    }
    const gateway = { ...rowOf("carrier_gateways", parents), edge: "atlantis" };
    await assert.rejects(add(database, "carrier_gateways", gateway), {
      code: "23503",
      constraint: "carrier_gateways_edge_fkey",
    });
    const edge = rowOf("edges", parents);
    await add(database, "edges", edge);
    await add(database, "carrier_gateways", { ...gateway, edge: edge["name"] });
    await assert.rejects(
      add(database, "edges", { ...rowOf("edges", parents), legacy_id: edge["legacy_id"] }),
      {
        constraint: "edges_legacy_id_key",
      },
    );
  });

  test("defaults", async () => {
    const database = await open();
    const parents = await prepared(database);
    for (const table of ["edges", "carrier_gateways", "carrier_routes", "gateways", "incoming_phone_numbers"])
      await add(database, table, rowOf(table, parents));
    const defaults: [columns: string, table: string, expected: Row][] = [
      [
        "status, compatibility, is_operator",
        "accounts",
        { status: "active", compatibility: "tandem", is_operator: false },
      ],
      [
        "place, signaling_addresses, source",
        "edges",
        { place: "", signaling_addresses: [], source: "operator" },
      ],
      ["algorithm", "credential_lists", { algorithm: "MD5" }],
      [
        "enabled, source_policy, first_response_seconds, progress_seconds, ring_seconds, failover_overrides",
        "carriers",
        {
          enabled: true,
          source_policy: "address",
          first_response_seconds: 4,
          progress_seconds: 20,
          ring_seconds: 180,
          failover_overrides: {},
        },
      ],
      ["priority, weight, enabled", "carrier_gateways", { priority: 10, weight: 10, enabled: true }],
      ["priority, weight", "carrier_routes", { priority: 10, weight: 10 }],
      [
        "snapshot_version, interfaces, stream_id, connection_health, health_snapshot_version",
        "gateways",
        {
          snapshot_version: 0,
          interfaces: [],
          stream_id: null,
          connection_health: [],
          health_snapshot_version: 0,
        },
      ],
      [
        "friendly_name, target, awaited_snapshot_version, fallback, allow_private_addresses",
        "connections",
        {
          friendly_name: "",
          target: null,
          awaited_snapshot_version: null,
          fallback: "none",
          allow_private_addresses: false,
        },
      ],
      ["connection_sid", "ip_access_control_lists", { connection_sid: null }],
      [
        "trunk_sid, voice_receive_mode, settings",
        "incoming_phone_numbers",
        { trunk_sid: null, voice_receive_mode: "voice", settings: {} },
      ],
    ];
    for (const [columns, table, expected] of defaults) {
      assert.deepEqual((await database.query(`select ${columns} from ${table} limit 1`))[0], expected, table);
    }
  });

  test("what goes with its parent, and what keeps it", async () => {
    const database = await open();
    const parents = await prepared(database);
    const children = [
      "origination_urls",
      "ip_addresses",
      "credentials",
      "carrier_gateways",
      "carrier_routes",
      "carrier_sources",
      "call_attempts",
      "connection_routes",
      "connection_shares",
      "connection_transitions",
    ];
    for (const table of children) await add(database, table, rowOf(table, parents));
    await assert.rejects(database.query("delete from accounts"), { code: "23503" });
    for (const table of [
      "trunks",
      "ip_access_control_lists",
      "credential_lists",
      "carriers",
      "calls",
      "connections",
    ])
      await database.query(`delete from ${table}`);
    for (const table of children) assert.deepEqual(await database.query(`select 1 from ${table}`), [], table);
    for (const [table, column] of [
      ["trunks", "account_sid"],
      ["api_keys", "account_sid"],
      ["credential_lists", "account_sid"],
      ["ip_access_control_lists", "account_sid"],
      ["incoming_phone_numbers", "account_sid"],
      ["outgoing_caller_ids", "account_sid"],
      ["accounts", "parent_account_sid"],
      ["connections", "account_sid"],
    ] as const) {
      const orphan = { ...rowOf(table, parents), [column]: createSid("AC") };
      await assert.rejects(add(database, table, orphan), { code: "23503" }, table);
    }
  });

  test("a quarantined entry is kept once for each gateway", async () => {
    const database = await open();
    const entry = (gateway: string): Row => ({
      gateway,
      entry_sequence: 1,
      digest: "d",
      entry: "{}",
      error: "e",
    });
    await add(database, "quarantined_entries", entry("gw-1"));
    await add(database, "quarantined_entries", entry("gw-2"));
    await assert.rejects(add(database, "quarantined_entries", entry("gw-1")), {
      constraint: "quarantined_entries_once",
    });
  });
});
