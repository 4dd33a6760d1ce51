import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { portPartitions } from "./port-partitions.ts";

describe("ports of the media engines", () => {
  const table: readonly (readonly [
    ports: readonly [number, number],
    first: number | undefined,
    kernel: number,
  ])[] = [
    [[10_000, 19_999], undefined, 12_500],
    [[10_000, 19_999], 18_000, 18_000],
    [[10_000, 10_003], undefined, 10_002],
    [[10_000, 10_007], undefined, 10_002],
    [[10_000, 10_015], undefined, 10_004],
    [[10_000, 10_021], undefined, 10_004],
  ];
  for (const [[first, last], firstKernelPort, kernel] of table) {
    test(`${first} to ${last}${firstKernelPort === undefined ? "" : `, the kernel's from ${firstKernelPort}`}`, () => {
      const media = firstKernelPort === undefined ? undefined : { firstKernelPort };
      assert.deepEqual(
        portPartitions({ mediaPorts: { first, last }, ...(media === undefined ? {} : { media }) }),
        {
          userspace: { first, last: kernel - 1 },
          kernel: { first: kernel, last },
        },
      );
    });
  }
});
