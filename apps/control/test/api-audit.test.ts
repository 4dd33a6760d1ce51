import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid, type Database } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { creations, planted, prepareWalk, take, walk, withNames } from "./audit-walk.ts";
import { type ExchangeHarness, exchangeHarness, type TestAccount } from "./exchange-harness.ts";

interface Event {
  readonly sid: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly resource_sid: string | null;
  readonly actor_sid: string;
  readonly actor_type: string;
  readonly source_ip_address: string | null;
  readonly event_date: string;
  readonly changes: readonly {
    readonly resource: string;
    readonly resource_sid: string;
    readonly operation: string;
    readonly fields: readonly { name: string; secret: boolean; before: unknown; after: unknown }[];
  }[];
}

async function eventsOf(
  harness: ExchangeHarness,
  account: TestAccount,
  query = "",
): Promise<readonly Event[]> {
  const reply = await harness.request(account, "GET", `/v1/AuditEvents?PageSize=1000${query}`);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body["audit_events"] as Event[];
}

async function countEvents(database: Database): Promise<number> {
  const rows = await database.query<{ count: number }>("select count(*)::int as count from audit_events");
  return rows[0]?.count ?? -1;
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
}

/** Everything in the interface's own document that is not a GET; a dry run changes nothing. */
async function mutatingOperations(harness: ExchangeHarness): Promise<readonly Operation[]> {
  const document = (await harness.request(harness.operator, "GET", "/openapi.json")).body;
  const paths = document["paths"] as Record<
    string,
    Record<string, { operationId: string; requestBody?: unknown }>
  >;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { operationId }]) => method !== "get" && operationId !== "CreateExplain")
      .map(([method, { operationId: id, requestBody }]) => ({
        id,
        method: method.toUpperCase(),
        path,
        hasBody: requestBody !== undefined,
      })),
  );
}

describeOnBothEngines("the audit log", (open) => {
  test("every operation that changes something makes exactly one event, without a secret in it", async () => {
    const harness = await exchangeHarness(await open());
    const names = prepareWalk(harness);
    const secrets: string[] = Object.values(planted);
    for (const step of walk) {
      const before = await countEvents(harness.database);
      const revealed = await take(harness, step, names);
      if (revealed !== undefined) secrets.push(revealed);
      assert.equal(await countEvents(harness.database), before + 1, `${step.method} ${step.path}`);
      const event = (await eventsOf(harness, harness.operator)).at(-1);
      assert.deepEqual([event?.method, event?.path], [step.method, withNames(step.path, names)]);
    }
    const events = await eventsOf(harness, harness.operator);
    const wanted = (await mutatingOperations(harness)).map(({ id }) => id);
    assert.ok(wanted.length >= 50, `${wanted.length} operations`);
    assert.deepEqual([...new Set(events.map(({ operation }) => operation))].toSorted(), wanted.toSorted());
    const empty = events.filter(({ changes }) => changes.length === 0).map(({ operation }) => operation);
    assert.deepEqual(
      empty,
      ["UpdateCall", "DrainGateway", "LiftBan", "CreateCapture", "DeleteCapture"],
      "all others say what changed",
    );
    await assertNoSecrets(harness.database, secrets);
  });

  test("what is refused makes no event", async () => {
    const harness = await exchangeHarness(await open());
    const names = prepareWalk(harness);
    for (const step of creations) await take(harness, step, names);
    const stranger = await harness.createAccount();
    harness.gateways.commandResult = { ok: false, error: "it is not connected" };
    const { length } = await eventsOf(harness, harness.operator);
    for (const { method, path, hasBody } of await mutatingOperations(harness)) {
      const unknown = path.replaceAll(/\{\w+\}/g, (_all, at: number) => sidLike(path.slice(0, at)));
      const form = method === "POST" ? { FriendlyName: "x" } : undefined;
      const wrongToken = { ...harness.operator, token: "0".repeat(32) };
      const refused = [
        await harness.request(wrongToken, method, unknown, form),
        ...(path.includes("{") ? [await harness.request(stranger, method, unknown, form)] : []),
        ...(hasBody ? [await harness.request(harness.operator, method, unknown, malformed)] : []),
      ];
      for (const { status, body } of refused)
        assert.ok(status >= 400, `${method} ${unknown}: ${status} ${JSON.stringify(body)}`);
      // Ten wrong tokens a minute: the walk has more of them.
      harness.clock.advance(61_000);
    }
    const again = { DomainName: "one.pstn.tandem.test" };
    assert.equal((await harness.request(stranger, "POST", "/v1/Trunks", again)).status, 400, "late refusal");
    assert.equal((await eventsOf(harness, harness.operator)).length, length);
    const changes = await harness.database.query(
      "select from audit_changes where event_sid not in (select sid from audit_events)",
    );
    assert.equal(changes.length, 0);
  });

  test("an event says who, when, from where, and each field before and after", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const made = await harness.request(customer, "POST", "/v1/Trunks", { FriendlyName: "One" });
    const sid = String(made.body["sid"]);
    harness.clock.advance(5000);
    await harness.request(customer, "POST", `/v1/Trunks/${sid}?x=y`, { FriendlyName: "Two", Secure: "true" });
    const [creation, update] = await eventsOf(harness, customer);
    const trunk = await harness.database.query("select from trunks where sid = $1", [creation?.resource_sid]);
    assert.equal(trunk.length, 1, "a creation names what it made");
    assert.deepEqual([creation?.status, update?.status], [201, 200]);
    const { sid: eventSid, ...shown } = update ?? {};
    assert.match(String(eventSid), /^AE[0-9a-f]{32}$/);
    assert.deepEqual(shown, {
      account_sid: customer.sid,
      actor_sid: customer.sid,
      actor_account_sid: customer.sid,
      actor_type: "account",
      operation: "UpdateTrunk",
      method: "POST",
      path: `/v1/Trunks/${sid}`,
      resource_sid: sid,
      status: 200,
      source_ip_address: "127.0.0.1",
      event_date: `${new Date(harness.clock.wallMs()).toISOString().slice(0, 19)}Z`,
      changes: [
        {
          resource: "trunks",
          resource_sid: sid,
          operation: "update",
          fields: [
            { name: "friendly_name", secret: false, before: "One", after: "Two" },
            { name: "secure", secret: false, before: false, after: true },
          ],
        },
      ],
      url: `https://control.tandem.test/v1/AuditEvents/${eventSid}`,
    });
    const one = await harness.request(customer, "GET", `/v1/AuditEvents/${eventSid}`);
    assert.deepEqual(one.body, update);
  });

  test("a deletion tells of what went with it, and a secret only that it changed", async () => {
    const harness = await exchangeHarness(await open());
    const names = prepareWalk(harness);
    for (const step of creations) await take(harness, step, names);
    const account = `/2010-04-01/Accounts/${harness.operator.sid}`;
    const credential = withNames(`${account}/SIP/CredentialLists/{CL}/Credentials/{CR}.json`, names);
    await harness.request(harness.operator, "POST", credential, { Password: planted.newDigestPassword });
    const changed = (await eventsOf(harness, harness.operator)).at(-1);
    assert.deepEqual(changed?.changes[0]?.fields, [{ name: "ha1", secret: true, before: null, after: null }]);
    await harness.request(harness.operator, "DELETE", withNames("/v1/Carriers/{KR}", names));
    const deleted = (await eventsOf(harness, harness.operator)).at(-1);
    assert.deepEqual(
      deleted?.changes.map(({ resource, operation }) => [resource, operation]).toSorted(),
      ["carrier_gateways", "carrier_routes", "carrier_sources", "carriers"].map((name) => [name, "delete"]),
    );
    assert.equal(deleted?.status, 204);
  });

  test("the log, its filters and its pages", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const times: string[] = [];
    for (const name of ["a", "b", "c"]) {
      times.push(new Date(harness.clock.wallMs()).toISOString());
      await harness.request(customer, "POST", "/v1/Trunks", { FriendlyName: name });
      harness.clock.advance(60_000);
    }
    const [first, second, third] = await eventsOf(harness, customer);
    const table: [query: string, events: (Event | undefined)[]][] = [
      [`Since=${times[1]}`, [second, third]],
      [`Until=${times[1]}`, [first, second]],
      [`Since=${times[1]}&Until=${times[1]}`, [second]],
      [`ResourceSid=${third?.resource_sid}`, [third]],
      [`ResourceSid=${createSid("TK")}`, []],
    ];
    for (const [query, events] of table)
      assert.deepEqual(await eventsOf(harness, customer, `&${query}`), events, query);
    const { status, body } = await harness.request(customer, "GET", "/v1/AuditEvents?Since=yesterday");
    assert.deepEqual([status, body["code"]], [400, 20001]);
    const page = await harness.request(customer, "GET", "/v1/AuditEvents?PageSize=2");
    assert.deepEqual(page.body["audit_events"], [first, second]);
    const next = String((page.body["meta"] as Record<string, unknown>)["next_page_url"]);
    const { pathname, search } = new URL(next);
    const rest = await harness.request(customer, "GET", pathname + search);
    assert.deepEqual(rest.body["audit_events"], [third]);
  });
});

const malformed = {
  Username: "(",
  FriendlyName: "x".repeat(300),
  Status: "?",
  Mode: "?",
  PhoneNumber: "?",
  Rules: "?",
  Number: "?",
  Prefix: "?",
  Network: "?",
  Name: "?",
  Place: "x".repeat(300),
  Weight: "x",
  Password: "",
  IpAccessControlListSid: "?",
  CredentialListSid: "?",
  PhoneNumberSid: "?",
  AccountSid: "?",
  ExitWhenIdle: "?",
  DialingPermissionsDefault: "?",
};

/** A SID that fits the folder that stands before it and names nothing. */
function sidLike(before: string): string {
  const kinds: Readonly<Record<string, string>> = {
    Accounts: "AC",
    Keys: "SK",
    HeaderPolicies: "HP",
    Trunks: "TK",
    OriginationUrls: "OU",
    IpAccessControlLists: "AL",
    IpAddresses: "IP",
    CredentialLists: "CL",
    Credentials: "CR",
    IncomingPhoneNumbers: "PN",
    OutgoingCallerIds: "PN",
    PhoneNumbers: "PN",
    Carriers: "KR",
    Gateways: "KG",
    Routes: "KT",
    Sources: "KS",
    Connections: "TX",
    Shares: "AC",
    Calls: "CA",
  };
  return createSid(kinds[before.split("/").at(-2) ?? ""] ?? "XX");
}

/** Neither as text nor as the hash or the sealed bytes that the database keeps. */
async function assertNoSecrets(database: Database, secrets: readonly string[]): Promise<void> {
  const rows = await database.query(
    "select events::text as event, changes::text as change from audit_events as events join audit_changes as changes on event_sid = events.sid",
  );
  assert.ok(rows.length > 50);
  const log = JSON.stringify(rows);
  assert.deepEqual(
    secrets.filter((secret) => log.includes(secret)),
    [],
  );
  assert.ok(!log.includes("\\\\x"), "no bytes");
  const fields = await database.query<{ name: string; secret: boolean }>(
    `select distinct field->>'name' as name, (field->>'secret')::boolean as secret
     from audit_changes, jsonb_array_elements(fields) as field`,
  );
  const kept = fields.filter(({ secret }) => secret).map(({ name }) => name);
  assert.deepEqual(kept.toSorted(), [
    "auth_token_hash",
    "bgp_password_encrypted",
    "ha1_encrypted",
    "password_encrypted",
    "pre_shared_key_encrypted",
    "secret_hash",
  ]);
}
