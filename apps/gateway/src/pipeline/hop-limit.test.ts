import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, request } from "@tandem/sip/testing";
import { terminationCall } from "../testing/call-of.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { CallContext } from "./call-context.ts";
import { hopLimit } from "./hop-limit.ts";

test("one hop is enough, none is refused (RFC 3261 §16.3)", () => {
  assertPasses(hopLimit(terminationCall({ maxForwards: 70 })), "70 hops left");
  assertPasses(hopLimit(terminationCall({ maxForwards: 1 })), "1 hops left");
  assertRefused(hopLimit(terminationCall({ maxForwards: 0 })), reasons.tooManyHops, "Max-Forwards is 0");
});

test("a request that may have a branch passes, one that may have none is refused (RFC 5393 §5.3.3)", () => {
  const { flow, table } = terminationCall();
  const withBreadth = (value: string): CallContext => {
    const text = request("INVITE", { headerFields: [["Max-Breadth", value]] });
    return new CallContext({ request: parsedRequest(text), flow, table, isDryRun: false });
  };
  assertPasses(hopLimit(withBreadth("1")), "70 hops left");
  assertRefused(hopLimit(withBreadth("0")), reasons.maxBreadthExceeded, "Max-Breadth is 0");
});

test("without Max-Forwards 70 is assumed (RFC 3261 §8.1.1.6)", () => {
  const call = terminationCall();
  const text = request("INVITE").replace("Max-Forwards: 70\r\n", "");
  const { flow, table } = call;
  const without = new CallContext({ request: parsedRequest(text), flow, table, isDryRun: false });
  assertPasses(hopLimit(without), "70 hops left");
});
