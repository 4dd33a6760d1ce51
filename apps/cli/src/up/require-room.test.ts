import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { describe, it } from "node:test";
import { requireRoom } from "./require-room.ts";

describe("requireRoom", () => {
  it("takes what is just enough, and no byte less", () => {
    requireRoom("/data", 4_194_304, 4_194_304);
    assert.throws(() => requireRoom("/data", 4_194_304, 4_194_303), {
      message: "cannot use /data: no space left on device (ENOSPC): 3.9 MiB are free, this start needs 4 MiB",
    });
  });

  it("asks the file system of the directory", () => {
    requireRoom(tmpdir(), 0);
    assert.throws(() => requireRoom(tmpdir(), Number.MAX_SAFE_INTEGER), /cannot use .*ENOSPC/);
  });
});
