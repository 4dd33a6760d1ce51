import assert from "node:assert/strict";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { HandClock } from "@tandem/clock/testing";
import type { Resolver } from "@tandem/sip/locate";
import {
  certificateFetchMs,
  type FetchedText,
  fetchCertificate,
  maximumCertificateBytes,
} from "./certificate-fetch.ts";

const none = async () => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 1 }) as const;
const nothingResolves: Resolver = { naptr: none, srv: none, a: none, aaaa: none };
const loopback: Resolver = {
  ...nothingResolves,
  a: async () => ({ ok: true, records: [{ address: "127.0.0.1" }], ttlSeconds: 1 }),
};

let authority: TestAuthority;
let server: Server;
let port = 0;
before(async () => {
  authority = await TestAuthority.create("web");
  const { certificate: cert, key } = await authority.issue({
    commonName: "c.test",
    alternativeNames: "DNS:c.test",
  });
  server = createServer({ cert, key }, (asked, answer) => {
    const path = asked.url ?? "";
    if (path === "/silent") return;
    if (path === "/moved") answer.writeHead(302, { Location: "/good" }).end();
    else if (path.startsWith("/bytes/")) answer.end("x".repeat(Number(path.slice(7))));
    else answer.writeHead(200, { "Cache-Control": "max-age=77" }).end(`${asked.headers.host} ${path}`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
after(() => server.close());

interface Wishes {
  readonly resolver?: Resolver;
  readonly ports?: readonly number[];
  readonly repositories?: Readonly<Record<string, string>>;
  readonly authorities?: string;
  readonly clock?: HandClock;
}

function fetched(url: string, wishes: Wishes = {}): Promise<FetchedText> {
  const { clock = new HandClock(), resolver = nothingResolves } = wishes;
  const repositories = wishes.repositories ?? { "c.test": "127.0.0.1", "d.test": "127.0.0.1" };
  const httpsAuthorities = (): string => wishes.authorities ?? authority.certificate;
  const options = { clock, resolver, ports: wishes.ports ?? [port], repositories, httpsAuthorities };
  return new Promise((done) => fetchCertificate(options, url, done));
}

test("a text, and how long it may be kept", async () => {
  assert.deepEqual(await fetched(`https://c.test:${port}/a?b`), {
    ok: true,
    text: `c.test:${port} /a?b`,
    maxAgeSeconds: 77,
  });
});

test("as many bytes as the limit, and one more", async () => {
  assert.equal((await fetched(`https://c.test:${port}/bytes/${maximumCertificateBytes}`)).ok, true);
  const more = await fetched(`https://c.test:${port}/bytes/${maximumCertificateBytes + 1}`);
  assert.deepEqual(more, { ok: false, text: `more than ${maximumCertificateBytes} bytes` });
});

const faults: [what: string, url: () => string, wishes: () => Wishes, text: RegExp][] = [
  ["that moved", () => `https://c.test:${port}/moved`, () => ({}), /answers with 302/],
  ["without https", () => `http://c.test:${port}/`, () => ({}), /its URL is not https/],
  ["of an address", () => `https://127.0.0.1:${port}/`, () => ({}), /has an address for a host/],
  ["on another port", () => `https://c.test:${port}/`, () => ({ ports: [443] }), /has port/],
  ["of a name that is none", () => `https://e.test:${port}/`, () => ({}), /no address on the internet/],
  [
    "of a name that leads to this host",
    () => `https://c.test:${port}/`,
    () => ({ resolver: loopback, repositories: {} }),
    /no address on the internet/,
  ],
  [
    "of a name like those that all objects have",
    () => `https://constructor:${port}/`,
    () => ({}),
    /no address/,
  ],
  ["whose server has another name", () => `https://d.test:${port}/`, () => ({}), /altname|does not match/i],
];
for (const [what, url, wishes, text] of faults) {
  test(`nothing from a repository ${what}`, async () => {
    const found = await fetched(url(), wishes());
    assert.equal(found.ok, false);
    assert.match(found.text, text);
  });
}

test("nothing from a repository that nobody vouches for", async () => {
  const stranger = await TestAuthority.create("other");
  const found = await fetched(`https://c.test:${port}/`, { authorities: stranger.certificate });
  assert.equal(found.ok, false);
});

test("a repository that says nothing has its time", async () => {
  const clock = new HandClock();
  const asked = fetched(`https://c.test:${port}/silent`, { clock });
  clock.advance(certificateFetchMs);
  assert.deepEqual(await asked, { ok: false, text: `not there in ${certificateFetchMs} ms` });
  assert.equal(clock.pendingTimers, 0);
});
