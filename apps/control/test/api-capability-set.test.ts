/** RFC 10006 and RFC 9409 over HTTP: what a customer's session border controller finds and reads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { followTopology } from "../src/installation/index.ts";
import { type ApiHarness, apiHarness, basic, publicUrl, type TestAccount } from "./api-harness.ts";
import { readXml, type XmlElement } from "./read-xml.ts";
import { checkCapabilitySet } from "./sip-auto-peering-schema.ts";
import { sampleTopology } from "./topology-samples.ts";

/** What the tests look at, of a document that the schema has checked. */
interface Document {
  readonly revision: { readonly "not-before": string; readonly location: string };
  readonly "transport-info": {
    readonly transport: readonly string[];
    readonly realm?: readonly object[];
    readonly "call-control"?: readonly { readonly host: string; readonly port: number }[];
  };
  readonly "call-spec": {
    readonly "number-range"?: readonly {
      readonly type: string;
      readonly count?: number;
      readonly value: readonly string[];
    }[];
  };
  readonly media: { readonly fax: object; readonly rtp: object; readonly rtcp: object };
  readonly security: { readonly signaling: object };
  readonly "tandem-sip-auto-peering:ip-range": readonly object[];
}

interface Trunk {
  readonly sid: string;
}

describeOnBothEngines("capability set", (open) => {
  async function harnessWithTopology(): Promise<ApiHarness & { account: TestAccount }> {
    const harness = await apiHarness(await open());
    await followTopology(harness.database, { file: undefined, topology: sampleTopology() });
    return { ...harness, account: await harness.createAccount() };
  }

  async function trunk(
    harness: ApiHarness,
    account: TestAccount,
    form: Record<string, string>,
  ): Promise<Trunk> {
    const { status, body } = await harness.request(account, "POST", "/v1/Trunks", form);
    assert.equal(status, 201, JSON.stringify(body));
    return { sid: String(body["sid"]) };
  }

  async function document(harness: ApiHarness, account: TestAccount, query = ""): Promise<Document> {
    const { status, body } = await harness.request(account, "GET", `/v1/CapabilitySet${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(checkCapabilitySet(body), { ok: true, value: body });
    return body["ietf-sip-auto-peering:sip-auto-peering"] as Document;
  }

  async function raw(harness: ApiHarness, account: TestAccount, headers: Record<string, string>) {
    return harness.application.inject({
      url: "/v1/CapabilitySet",
      headers: { authorization: basic(account.sid, account.token), ...headers },
    });
  }

  test("a trunk without anything", async () => {
    const harness = await harnessWithTopology();
    const { sid } = await trunk(harness, harness.account, {});
    const set = await document(harness, harness.account);
    assert.deepEqual(set.revision.location, `${publicUrl}/v1/CapabilitySet?trunkid=${sid}`);
    assert.deepEqual(set["transport-info"], {
      transport: ["ietf-sip-auto-peering:udp", "ietf-sip-auto-peering:tcp"],
      "dns-server": ["192.0.2.53"],
    });
    assert.equal("number-range" in set["call-spec"], false);
    assert.deepEqual(set.media.fax, { protocol: ["t38", "pass-through"] });
    assert.deepEqual(set.media.rtp, { "rtp-trigger": false, "symmetric-rtp": false });
    assert.deepEqual(set.security.signaling, {
      secure: true,
      version: ["ietf-tls-common:tls12", "ietf-tls-common:tls13"],
    });
    assert.equal("registrar" in set["transport-info"], false);
  });

  test("request targets: the edges of the origination URLs by their priority, then the generic name", async () => {
    const harness = await harnessWithTopology();
    const { account } = harness;
    const { sid } = await trunk(harness, account, { DomainName: "office.pstn.tandem.test" });
    const targets = async () => (await document(harness, account))["transport-info"]["call-control"];
    const generic = { host: "office.pstn.tandem.test", port: 5070 };
    assert.deepEqual(await targets(), [generic]);
    const add = async (url: string, priority: string, enabled = "true") => {
      const form = { FriendlyName: "u", SipUrl: url, Priority: priority, Weight: "1", Enabled: enabled };
      const reply = await harness.request(account, "POST", `/v1/Trunks/${sid}/OriginationUrls`, form);
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
    };
    await add("sip:192.0.2.99;edge=a", "20");
    await add("sip:192.0.2.98;edge=b1", "10");
    await add("sip:192.0.2.97;edge=b", "5", "false");
    await add("sip:192.0.2.96", "1");
    const a = { host: "office.pstn.a.tandem.test", port: 5070 };
    const b = { host: "office.pstn.b.tandem.test", port: 5060 };
    assert.deepEqual(await targets(), [b, a, generic]);
    await harness.request(account, "POST", `/v1/Trunks/${sid}`, {
      Secure: "true",
      SymmetricRtpEnabled: "true",
    });
    const set = await document(harness, account);
    assert.deepEqual(
      set["transport-info"]["call-control"]?.map(({ port }) => port),
      [5061, 5071, 5071],
    );
    assert.deepEqual(set["transport-info"].transport, ["ietf-sip-auto-peering:tcp"]);
    assert.deepEqual(set.media.rtp, { "rtp-trigger": false, "symmetric-rtp": true });
    assert.deepEqual(set.media.rtcp, { "symmetric-rtcp": true });
  });

  test("the realm only where digest is asked for, and never a password", async () => {
    const harness = await harnessWithTopology();
    const { account } = harness;
    const { sid } = await trunk(harness, account, {});
    const lists = `/2010-04-01/Accounts/${account.sid}/SIP/CredentialLists`;
    const list = await harness.request(account, "POST", `${lists}.json`, { FriendlyName: "l" });
    const listSid = String(list.body["sid"]);
    await harness.request(account, "POST", `${lists}/${listSid}/Credentials.json`, {
      Username: "alice",
      Password: "Secret-password-1",
    });
    await harness.request(account, "POST", `/v1/Trunks/${sid}/CredentialLists`, {
      CredentialListSid: listSid,
    });
    assert.deepEqual((await document(harness, account))["transport-info"].realm, [{ name: "realm.test" }]);
  });

  test("up to a hundred numbers are listed, more are referred to", async () => {
    const harness = await harnessWithTopology();
    const { sid } = await trunk(harness, harness.account, {});
    const insert = (first: number, count: number) =>
      harness.database.query(
        `insert into incoming_phone_numbers (sid, account_sid, phone_number, friendly_name, trunk_sid)
         select 'PN' || lpad(to_hex(n), 32, '0'), $1, '+1415555' || n, 'x', $2 from generate_series($3::int, $4::int) n`,
        [harness.account.sid, sid, first, first + count - 1],
      );
    await insert(1000, 100);
    const [range] = (await document(harness, harness.account))["call-spec"]["number-range"] ?? [];
    assert.deepEqual([range?.type, range?.count, range?.value.length], ["collection", 100, 100]);
    assert.equal(range?.value[0], "+14155551000");
    await insert(1100, 1);
    assert.deepEqual((await document(harness, harness.account))["call-spec"]["number-range"], [
      { index: 0, type: "reference", value: [`${publicUrl}/v1/Trunks/${sid}/PhoneNumbers`] },
    ]);
  });

  test("addresses and ports to allow are an extension of the model", async () => {
    const harness = await harnessWithTopology();
    await trunk(harness, harness.account, {});
    const ranges = (await document(harness, harness.account))[
      "tandem-sip-auto-peering:ip-range"
    ] as Document[];
    assert.deepEqual(ranges[1], {
      index: 1,
      edge: ["b"],
      kind: "signaling",
      network: "192.0.2.1/32",
      transport: "tcp",
      "first-port": 5060,
      "last-port": 5060,
    });
    assert.deepEqual(ranges.at(-1), {
      index: ranges.length - 1,
      edge: ["roaming", "b", "a"],
      kind: "media",
      network: "198.51.100.0/24",
      transport: "udp",
      "first-port": 10_000,
      "last-port": 19_999,
      "client-first-port": 1024,
      "client-last-port": 65_535,
    });
  });

  test("a trunk is named by its SID or any of its names; several trunks must be; others' are 404", async () => {
    const harness = await harnessWithTopology();
    const { account } = harness;
    const stranger = await harness.createAccount();
    const ask = async (caller: TestAccount, query: string) =>
      (await harness.request(caller, "GET", `/v1/CapabilitySet${query}`)).status;
    assert.equal(await ask(account, ""), 404);
    const { sid } = await trunk(harness, account, { DomainName: "one.pstn.tandem.test" });
    assert.equal(await ask(account, ""), 200);
    await trunk(harness, account, { DomainName: "two.pstn.tandem.test" });
    assert.equal(await ask(account, ""), 400);
    for (const id of [sid, "one.pstn.tandem.test", "One.pstn.b.tandem.test"]) {
      const set = await document(harness, account, `?trunkid=${id}`);
      assert.match(set.revision.location, new RegExp(`trunkid=${sid}$`), id);
      assert.equal(await ask(stranger, `?trunkid=${id}`), 404, id);
    }
    assert.equal(await ask(account, "?trunkid=three.pstn.tandem.test"), 404);
    assert.equal(await ask(account, `?trunkid=${"x".repeat(254)}`), 400);
    assert.equal((await harness.request(undefined, "GET", "/v1/CapabilitySet")).status, 401);
  });

  test("not-before is the newest change, and an unchanged document is not sent again", async () => {
    const harness = await harnessWithTopology();
    const { account } = harness;
    const { sid } = await trunk(harness, account, {});
    await harness.database.query("update edges set date_updated = '2030-01-02T03:04:05.6Z' where name = 'a'");
    assert.equal((await document(harness, account)).revision["not-before"], "2030-01-02T03:04:05Z");
    const first = await raw(harness, account, {});
    assert.equal(first.headers["content-type"], "application/json");
    const tag = String(first.headers["etag"]);
    for (const header of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
      const again = await raw(harness, account, { "if-none-match": header });
      assert.deepEqual([again.statusCode, again.body, again.headers["etag"]], [304, "", tag], header);
    }
    assert.equal((await raw(harness, account, { "if-none-match": '"other"' })).statusCode, 200);
    const xml = await raw(harness, account, { accept: "application/xml", "if-none-match": tag });
    assert.equal(xml.statusCode, 200);
    await harness.request(account, "POST", `/v1/Trunks/${sid}`, { SymmetricRtpEnabled: "true" });
    assert.equal((await raw(harness, account, { "if-none-match": tag })).statusCode, 200);
  });

  test("in XML it is the same tree, with namespaces for what other modules define", async () => {
    const harness = await harnessWithTopology();
    const { account } = harness;
    await trunk(harness, account, { DomainName: "office.pstn.tandem.test" });
    const answer = await raw(harness, account, { accept: "application/xml" });
    assert.equal(answer.headers["content-type"], "application/xml; charset=utf-8");
    const root = readXml(answer.body);
    const own = "urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering";
    assert.deepEqual([root.name, root.namespace], ["sip-auto-peering", own]);
    assert.match(answer.body, /xmlns:tlscmn="urn:ietf:params:xml:ns:yang:ietf-tls-common"/);
    const set = await document(harness, account);
    assert.deepEqual(treeOf(root), treeOfJson("sip-auto-peering", set));
    const extension = root.children.find(({ name }) => name === "ip-range");
    assert.equal(extension?.namespace, "urn:tandem:yang:tandem-sip-auto-peering");
  });

  test("a realm that is awkward in XML arrives whole", async () => {
    const harness = await apiHarness(await open(), { realm: 'a<b>&amp;"c' });
    const account = await harness.createAccount();
    const { sid } = await trunk(harness, account, {});
    const list = `CL${"0".repeat(32)}`;
    await harness.database.query(
      "insert into credential_lists (sid, account_sid, friendly_name) values ($1, $2, 'l')",
      [list, account.sid],
    );
    await harness.request(account, "POST", `/v1/Trunks/${sid}/CredentialLists`, { CredentialListSid: list });
    const root = readXml((await raw(harness, account, { accept: "text/xml" })).body);
    const realm = root.children
      .find(({ name }) => name === "transport-info")
      ?.children.find(({ name }) => name === "realm");
    assert.equal(realm?.children[0]?.text, 'a<b>&amp;"c');
  });

  test("WebFinger leads there by the exchange's names and by a trunk's, and looks nothing up", async () => {
    const harness = await harnessWithTopology();
    const address = `${publicUrl}/v1/CapabilitySet`;
    const ask = (query: string) => harness.application.inject({ url: `/.well-known/webfinger${query}` });
    const office = `${address}?trunkid=office.pstn.tandem.test`;
    const known: [resource: string, href: string][] = [
      [publicUrl, address],
      [`${publicUrl}/`, address],
      ["http://tandem.test", address],
      ["https://pstn.tandem.test:8443/", address],
      ["https://office.pstn.tandem.test", office],
      ["sip:office.pstn.tandem.test", office],
      ["sips:+15550100@Office.pstn.b.tandem.test:5061;transport=tls", office],
    ];
    for (const [resource, href] of known) {
      const answer = await ask(`?resource=${encodeURIComponent(resource)}&rel=sip-trunking-capability`);
      assert.equal(answer.statusCode, 200, resource);
      assert.match(String(answer.headers["content-type"]), /^application\/jrd\+json\b/);
      assert.equal(answer.headers["access-control-allow-origin"], "*");
      assert.deepEqual(answer.json(), {
        subject: resource,
        links: [{ rel: "sip-trunking-capability", type: "application/json", href }],
      });
    }
    const resource = `?resource=${encodeURIComponent("https://tandem.test")}`;
    assert.equal((await ask(resource)).json().links.length, 1);
    assert.deepEqual((await ask(`${resource}&rel=author`)).json().links, []);
    assert.equal((await ask(`${resource}&rel=author&rel=sip-trunking-capability`)).json().links.length, 1);
    assert.equal((await ask("")).statusCode, 400);
    for (const other of [
      "https://example.test",
      "acct:a@tandem.test",
      "sip:tandem.test.example",
      "https://",
      "x",
    ]) {
      assert.equal((await ask(`?resource=${encodeURIComponent(other)}`)).statusCode, 404, other);
    }
  });
});

type Tree = readonly [name: string, content: string | readonly Tree[]];

function treeOf(element: XmlElement): Tree {
  const { name, children, text } = element;
  return [name, children.length === 0 ? text : children.map(treeOf)];
}

/** What RFC 7951 and RFC 7950 make of the same node: lists repeat their name, identities lose or change their module. */
function treeOfJson(name: string, value: unknown): Tree {
  if (typeof value !== "object" || value === null) {
    const text = String(value)
      .replace(/^ietf-sip-auto-peering:/, "")
      .replace(/^ietf-tls-common:/, "tlscmn:");
    return [name, text];
  }
  const members = Object.entries(value).flatMap(([member, item]) => {
    const local = member.replace(/^.*:/, "");
    return Array.isArray(item) ? item.map((one) => treeOfJson(local, one)) : [treeOfJson(local, item)];
  });
  return [name, members];
}
