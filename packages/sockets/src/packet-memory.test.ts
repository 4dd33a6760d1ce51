import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PacketMemory } from "./packet-memory.ts";

describe("PacketMemory", () => {
  it("has one view for each length that media have, and a new one for longer ones", () => {
    const memory = new PacketMemory();
    memory.bytes.write("abc");
    assert.equal(memory.view(3).toString(), "abc");
    assert.equal(memory.view(3), memory.view(3));
    assert.equal(memory.view(2048), memory.view(2048));
    assert.notEqual(memory.view(2049), memory.view(2049));
    assert.equal(memory.view(2049).length, 2049);
  });
});
