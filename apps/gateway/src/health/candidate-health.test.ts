import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { InterfaceConfiguration, Snapshot } from "@tandem/contracts";
import { type JudgedCandidate, originationTarget, RoutingTable } from "@tandem/routing";
import {
  connectionSid,
  exampleConnection,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "../testing/example-snapshot.ts";
import { gatewayPlace } from "../testing/gateway-place.ts";
import { CandidateHealth } from "./candidate-health.ts";
import { TargetHealthTable, type TargetPath } from "./target-health.ts";

const one = (name: "private" | "public"): InterfaceConfiguration => ({
  name,
  roles: [name],
  localAddress: "198.51.100.1",
  udpPort: 5060,
});

function script(
  connections: Snapshot["connections"],
  roles: readonly ("private" | "public")[] = ["private", "public"],
) {
  const table = RoutingTable.from(exampleSnapshot({ connections }));
  const targets = new TargetHealthTable(new HandClock({ monotonicMs: 1000 }));
  const place = gatewayPlace({ interfaces: roles.map(one), attribution: "kernel" });
  const health = new CandidateHealth({ place, targets, table: () => table });
  const candidate = (sipUrl: string): JudgedCandidate => {
    const target = originationTarget(
      table,
      exampleTrunk(),
      exampleUrl({ sid: sipUrl, sipUrl }),
      "ashburn-ix",
    );
    assert.ok(!("reason" in target));
    return target;
  };
  /** The target is dead by that line, or over the internet. */
  const kill = (sipUrl: string, connection?: string): void => {
    const path =
      connection === undefined
        ? { interfaceName: "public", connection }
        : { interfaceName: `private/${connection}`, connection };
    const target: TargetPath = { sid: sipUrl, uri: sipUrl.split(";")[0] ?? "", edge: "ashburn-ix", path };
    for (const statusCode of [200, undefined, undefined]) targets.onProbe(target, statusCode);
  };
  /** "up", or why not. */
  const state = (sipUrl: string): string => {
    const { isDown, reason } = health.stateOf(candidate(sipUrl));
    return isDown ? reason : "up";
  };
  return { place, state, kill, candidate, health, targets };
}

const [first, second] = [connectionSid(1), connectionSid(2)];
const dead = (sid: string) => ({ text: `${sid} is dead`, mayBeTried: true });
const literal = "sip:172.56.42.132;edge=ashburn-ix";
const name = "sip:pbx.example;edge=ashburn-ix";
const silent = "does not answer OPTIONS";

test("an address: its line, then the target by that line; what another line or the internet knows is another matter", () => {
  const { place, state, kill } = script([
    exampleConnection(1),
    exampleConnection(2, { routes: ["10.0.0.0/24"] }),
  ]);
  assert.equal(state(literal), "up");
  kill(literal, second);
  kill(literal);
  assert.equal(state(literal), "up");
  kill(literal, first);
  assert.equal(state(literal), silent);
  place.lines.objections.set(first, dead(first));
  assert.equal(state(literal), `${first} is dead`);
});

test("a line that is not on this gateway is dead to the candidate", () => {
  const { place, state } = script([exampleConnection(1)]);
  place.lines.missing.add(first);
  assert.equal(state(`sip:172.56.42.132;tnx=${first}`), `line ${first} is not on this gateway`);
});

test("a name is down when every line that it may take is", () => {
  const { place, state } = script([exampleConnection(1), exampleConnection(2)]);
  place.lines.objections.set(first, dead(first));
  assert.equal(state(name), "up");
  place.lines.objections.set(second, dead(second));
  assert.equal(state(name), `${first} is dead`);
});

test("or when it is dead on every line that it was seen to take", () => {
  const { state, kill, place } = script([exampleConnection(1), exampleConnection(2)]);
  kill(name, second);
  assert.equal(state(name), silent);
  place.lines.objections.set(first, dead(first));
  assert.equal(state(name), silent);
});

test("fallback: public covers a dead line, as long as the internet way lives; not a dead target", () => {
  const { place, state, kill } = script([exampleConnection(1, { fallback: "public" })]);
  place.lines.objections.set(first, dead(first));
  assert.equal(state(literal), "up");
  kill(literal);
  assert.equal(state(literal), `${first} is dead`);
  const other = script([exampleConnection(1, { fallback: "public" })]);
  other.kill(literal, first);
  assert.equal(other.state(literal), silent);
});

test("no line leads there: refused with that reason when it is placed, not put last", () => {
  assert.equal(script([exampleConnection(1)]).state("sip:10.9.9.9;edge=ashburn-ix"), "up");
});

test("what a gateway of another edge will find is not known here", () => {
  const { state, kill } = script([exampleConnection(1)]);
  const elsewhere = "sip:172.56.42.132;edge=san-jose-ix";
  kill(elsewhere, first);
  assert.equal(state(elsewhere), "up");
});
