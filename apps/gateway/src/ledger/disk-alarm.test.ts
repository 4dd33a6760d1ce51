import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { DiskAlarm, quietMs } from "./disk-alarm.ts";

function scripted() {
  const clock = new HandClock();
  const logged: string[] = [];
  const told: string[] = [];
  const alarm = new DiskAlarm(clock, {
    info: (event, { lost }) => void logged.push(`info ${event}, lost ${String(lost)}`),
    error: (event, { error, lost }) =>
      void logged.push(`error ${event} ${String(error)}, lost ${String(lost)}`),
  });
  const follow = () =>
    alarm.follow({ raise: ({ code }, text) => `${code} ${text}`, tell: (text) => void told.push(text) });
  return { clock, alarm, follow, logged, told };
}

describe("DiskAlarm", () => {
  it("says in the log and to control that the disk refuses, and in the log that it takes again", () => {
    const { alarm, follow, logged, told } = scripted();
    follow();
    alarm.onDegraded(true, "disk is full", 0);
    alarm.onDegraded(false, undefined, 7);
    assert.deepEqual(logged, ["error ledger-degraded disk is full, lost 0", "info ledger-recovered, lost 7"]);
    assert.deepEqual(told, ["90307 disk is full", "90308 disk is full"]);
  });

  it("raises what came before there was anybody to raise it with, unless it is over", () => {
    const { alarm, follow, told } = scripted();
    alarm.onDegraded(true, "disk is full", 0);
    follow();
    assert.deepEqual(told, ["90307 disk is full", "90308 disk is full"]);
    const other = scripted();
    other.alarm.onDegraded(true, "disk is full", 0);
    other.alarm.onDegraded(false, undefined, 0);
    other.follow();
    assert.deepEqual(other.told, []);
  });

  it("tells control the same alerts again when the stream opens while the disk refuses", () => {
    const { alarm, follow, told } = scripted();
    alarm.onConnected();
    alarm.onDegraded(true, "disk is full", 0);
    alarm.onConnected();
    assert.deepEqual(told, []);
    follow();
    alarm.onConnected();
    assert.deepEqual(told.slice(2), ["90307 disk is full", "90308 disk is full"]);
    alarm.onDegraded(false, undefined, 0);
    alarm.onConnected();
    assert.equal(told.length, 4);
  });

  it("is quiet for a minute, and not a moment longer", () => {
    const { clock, alarm, follow, logged, told } = scripted();
    follow();
    alarm.onDegraded(true, "one", 0);
    clock.advance(quietMs - 1);
    alarm.onDegraded(false, undefined, 0);
    alarm.onDegraded(true, "two", 0);
    assert.equal(told.length, 2);
    assert.equal(logged.length, 3);
    clock.advance(1);
    alarm.onDegraded(true, "three", 0);
    assert.deepEqual(told.slice(2), ["90307 three", "90308 three"]);
  });
});
