import assert from "node:assert/strict";
import { test } from "node:test";
import { isForLackOfRoom, type RoomOnDisk } from "./no-room.ts";

const roomy: RoomOnDisk = { bavail: 1, files: 10, ffree: 1 };
const full: RoomOnDisk = { ...roomy, bavail: 0 };
const withoutFiles: RoomOnDisk = { ...roomy, ffree: 0 };
const unnumbered: RoomOnDisk = { bavail: 1, files: 0, ffree: 0 };

const table: readonly [what: string, error: object, room: RoomOnDisk, expected: boolean][] = [
  ["the system says so", { code: "ENOSPC" }, roomy, true],
  ["the quota is used up", { code: "EDQUOT" }, roomy, true],
  ["SQLite says so", { code: "ERR_SQLITE_ERROR", errcode: 13 }, roomy, true],
  ["SQLite cannot write on a full disk", { code: "ERR_SQLITE_ERROR", errcode: 4874 }, full, true],
  ["SQLite cannot make a file where there are no more", { errcode: 14 }, withoutFiles, true],
  ["SQLite cannot write on a disk with room: it is broken", { errcode: 4874 }, roomy, false],
  ["SQLite cannot make a file for another reason", { errcode: 14 }, unnumbered, false],
  ["another process has it, full disk or not", { errcode: 5 }, full, false],
  ["it is no database, full disk or not", { errcode: 26 }, full, false],
  ["no permission, full disk or not", { code: "EACCES" }, full, false],
  ["a fault of ours", new TypeError("x"), full, false],
];

for (const [what, error, room, expected] of table) {
  test(`${expected ? "lack of room" : "something else"}: ${what}`, () => {
    const asked: string[] = [];
    const statfs = (path: string): RoomOnDisk => {
      asked.push(path);
      return room;
    };
    assert.equal(isForLackOfRoom(error, "/state", statfs), expected);
    assert.ok(asked.every((path) => path === "/state"));
  });
}

test("a directory that cannot be asked is no full disk", () => {
  const statfs = (): RoomOnDisk => {
    throw new Error("gone");
  };
  assert.equal(isForLackOfRoom({ errcode: 14 }, "/state", statfs), false);
});
