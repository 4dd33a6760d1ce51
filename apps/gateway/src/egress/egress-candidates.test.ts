import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import type { CallContext } from "../pipeline/call-context.ts";
import { routeSelection } from "../pipeline/route-selection.ts";
import {
  type CallParts,
  interfaces,
  originationCallOnTrunk,
  stageServices,
  terminationCall,
} from "../testing/call-of.ts";
import { exampleCarrier, exampleGateway, exampleTrunk, exampleUrl } from "../testing/example-snapshot.ts";
import { gatewayPlace } from "../testing/gateway-place.ts";
import { type EgressRoutes, egressCandidates } from "./egress-candidates.ts";

const place = gatewayPlace();

const carrierPlace = {
  path: { interfaceName: "carriers", connection: undefined },
  media: { mediaInterface: "carriers", source: "strict", trustedNetworks: [] },
  fallback: undefined,
} as const;

const plainMedia = { dscp: undefined, srtp: undefined, ice: undefined, codecs: undefined };

function routed(call: CallContext, services = stageServices()): CallContext {
  call.calledNumber = call.direction === "termination" ? "+15557654321" : "+15550001111";
  routeSelection(call, services);
  return call;
}

function originationRoutes(parts: CallParts, at = place): EgressRoutes {
  return egressCandidates(routed(originationCallOnTrunk(parts)), at, "CA1");
}

const urls = (...originationUrls: ReturnType<typeof exampleUrl>[]): CallParts => ({
  snapshot: { trunks: [exampleTrunk({ originationUrls, failoverOverrides: { "486": "next" } })] },
});

test("a carrier gateway: by the carriers' interface, with the carrier's credentials, policy and timers", () => {
  const carriers = [
    exampleCarrier({
      credentials: { username: "u", password: "p" },
      timers: { firstResponseSeconds: 2, progressSeconds: 3, ringSeconds: 5 },
      failoverOverrides: { "404": "stop" },
    }),
  ];
  const [candidate, ...more] = egressCandidates(
    routed(terminationCall({ snapshot: { carriers } })),
    place,
    "CA1",
  ).candidates;
  assert.deepEqual(more, []);
  assert.ok(candidate !== undefined);
  const { invite, redirect, placeOf, ...plain } = candidate;
  assert.deepEqual(placeOf(undefined, false), {
    ok: true,
    place: {
      path: { interfaceName: "carriers", connection: undefined },
      media: {
        mediaInterface: "carriers",
        source: "strict",
        trustedNetworks: ["203.0.113.0/24"],
        ...plainMedia,
      },
      fallback: undefined,
    },
  });
  assert.deepEqual(plain, {
    sid: "CG1",
    carrierSid: "CR1",
    url: "sip:203.0.113.7:5060",
    edge: "ashburn-ix",
    nextHop: "sip:203.0.113.7:5060",
    credentials: { username: "u", password: "p" },
    firstResponseMs: 2000,
    progressMs: 3000,
    ringMs: 5000,
    failoverOverrides: { "404": "stop" },
    downReason: undefined,
    insteadOf: undefined,
    isUrgent: false,
    firstHop: undefined,
  });
  assert.equal(invite().requestUri, "sip:+15557654321@203.0.113.7:5060");
  assert.equal(
    redirect("sip:other.example", carrierPlace),
    reasons.redirectFailed,
    "a carrier may not redirect",
  );
});

test("an origination URL: by the customers' interface, without credentials, with the trunk's policy and timers", () => {
  const [candidate] = originationRoutes(urls(exampleUrl())).candidates;
  assert.ok(candidate !== undefined);
  const { invite, redirect, placeOf, ...plain } = candidate;
  const placement = placeOf(undefined, false);
  assert.ok(placement?.ok === true);
  assert.deepEqual(placement.place, {
    path: { interfaceName: "customers", connection: undefined },
    media: { mediaInterface: "customers", source: "symmetric", trustedNetworks: [], ...plainMedia },
    fallback: undefined,
  });
  assert.deepEqual(plain, {
    sid: "OU1",
    carrierSid: undefined,
    url: "sip:192.0.2.20:5080",
    edge: "ashburn-ix",
    nextHop: "sip:192.0.2.20:5080",
    credentials: undefined,
    firstResponseMs: 4000,
    progressMs: 20_000,
    ringMs: 180_000,
    failoverOverrides: { "486": "next" },
    downReason: undefined,
    insteadOf: undefined,
    isUrgent: false,
    firstHop: undefined,
  });
  assert.equal(invite().headerFields.value("X-Tandem-CallSid"), "CA1");
  const followed = redirect("sip:192.0.2.30", placement.place);
  assert.ok("invite" in followed);
  assert.deepEqual([followed.sid, followed.nextHop], ["OU1", "sip:192.0.2.30"]);
  assert.deepEqual(followed.placeOf(undefined, false), placement);
  assert.equal(followed.invite().requestUri, "sip:+15550001111@192.0.2.30");
  assert.equal(redirect("sip:10.0.0.1", placement.place), reasons.redirectFailed);
  assert.equal(redirect("sip:+1999@203.0.113.7", placement.place), reasons.redirectFailed);
  const named = redirect("sip:+1999@alias.example", placement.place);
  assert.ok("invite" in named);
  assert.equal(named.placeOf(undefined, false), undefined, "it may be a carrier's: the address tells");
  assert.deepEqual(named.placeOf("192.0.2.30", false), placement);
  const refused = named.placeOf("203.0.113.7", false);
  assert.deepEqual([refused?.ok, refused?.ok === false && refused.reason], [false, reasons.redirectFailed]);
});

test("302: a name does not hide a private address, nor one of ours", () => {
  const rows: readonly (readonly [url: string, address: string, may: boolean])[] = [
    ["sip:192.0.2.20", "10.1.2.3", false],
    ["sip:pbx.example", "127.0.0.1", false],
    ["sip:10.1.2.2", "10.1.2.3", true],
    ["sip:10.1.2.2", String(interfaces[0]?.localAddress), false],
  ];
  for (const [sipUrl, address, may] of rows) {
    const [candidate] = originationRoutes(urls(exampleUrl({ sipUrl }))).candidates;
    const placement = candidate?.placeOf("192.0.2.20", false);
    assert.ok(candidate !== undefined && placement?.ok === true);
    const followed = candidate.redirect("sip:other.example", placement.place);
    assert.ok("invite" in followed);
    const found = followed.placeOf(address, false);
    if (may) assert.deepEqual(found, placement);
    else assert.equal(found?.ok === false && found.reason, reasons.redirectFailed, `${sipUrl} to ${address}`);
  }
});

test("a customer's URL does not lead to where a carrier takes calls, as it stands or by its address", () => {
  const [skipped] = originationRoutes(urls(exampleUrl({ sipUrl: "sip:+1999@203.0.113.7" }))).skipped;
  assert.equal(skipped?.reason, reasons.targetIsACarrier);
  assert.equal(skipped?.text, "203.0.113.7 is where a carrier takes calls");
  const [named] = originationRoutes(urls(exampleUrl({ sipUrl: "sip:+1999@alias.example" }))).candidates;
  assert.equal(named?.placeOf(undefined, true), undefined, "the address tells");
  assert.equal(named?.placeOf("192.0.2.30", true)?.ok, true);
  const refused = named?.placeOf("203.0.113.7", true);
  assert.ok(refused?.ok === false);
  assert.deepEqual([refused.reason, refused.mayBeTriedLast], [reasons.targetIsACarrier, false]);
});

test("the user of a URL is for the Request-URI, not for locating", () => {
  const [candidate] = originationRoutes(urls(exampleUrl({ sipUrl: "sip:annie@192.0.2.20" }))).candidates;
  assert.equal(candidate?.nextHop, "sip:192.0.2.20");
  assert.equal(candidate?.invite().requestUri, "sip:annie@192.0.2.20");
});

test("a candidate of another edge is skipped: this gateway can't place it", () => {
  const { candidates, skipped } = originationRoutes(
    urls(exampleUrl({ sipUrl: "sip:192.0.2.20;edge=san-jose-ix" }), exampleUrl({ sid: "OU2" })),
  );
  assert.deepEqual(
    candidates.map((candidate) => candidate.sid),
    ["OU2"],
  );
  assert.deepEqual(skipped, [
    {
      sid: "OU1",
      carrierSid: undefined,
      url: "sip:192.0.2.20;edge=san-jose-ix",
      edge: "san-jose-ix",
      reason: reasons.edgeUnreachable,
      text: "this gateway is on ashburn-ix",
    },
  ]);
});

test("a candidate for which there is no interface is skipped, with what is missing", () => {
  const carriersOnly = gatewayPlace({ interfaces: interfaces.slice(1) });
  const [skipped] = originationRoutes(
    urls(exampleUrl({ sipUrl: "sip:192.0.2.20;transport=tls" })),
    carriersOnly,
  ).skipped;
  assert.equal(skipped?.reason, reasons.noUsableInterface);
  assert.equal(skipped?.text, "this gateway has no public or private interface that serves TLS");
  const gateways = [exampleGateway({ sipUrl: "sip:203.0.113.7;transport=tls" })];
  const call = routed(terminationCall({ snapshot: { carriers: [exampleCarrier({ gateways })] } }));
  const [carrierSkipped] = egressCandidates(call, place, "CA1").skipped;
  assert.deepEqual(
    [carrierSkipped?.sid, carrierSkipped?.carrierSid, carrierSkipped?.text],
    ["CG1", "CR1", "this gateway has no carrier interface that serves TLS"],
  );
});

test("what routing skipped comes first, with routing's reason", () => {
  const { skipped } = originationRoutes(urls(exampleUrl({ enabled: false }), exampleUrl({ sid: "OU2" })));
  assert.deepEqual(
    skipped.map((one) => [one.sid, one.reason]),
    [["OU1", reasons.candidateDisabled]],
  );
});

test("a candidate that is down says why", () => {
  const services = stageServices();
  services.down.set("OU1", "does not answer OPTIONS");
  const call = routed(originationCallOnTrunk(urls(exampleUrl())), services);
  assert.equal(egressCandidates(call, place, "CA1").candidates[0]?.downReason, "does not answer OPTIONS");
});
