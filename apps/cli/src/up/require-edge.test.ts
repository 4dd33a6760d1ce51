import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CliError } from "../cli-error.ts";
import { RestClient } from "../client/rest-client.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { requireEdge } from "./require-edge.ts";

async function withEdges<T>(names: readonly string[], use: (client: RestClient) => Promise<T>): Promise<T> {
  const edges = names.map((name) => ({ name, legacy_id: `${name}-old` }));
  const control = await startControlDouble([{ body: { edges, meta: { next_page_url: null } } }]);
  try {
    return await use(new RestClient({ url: control.url, accountSid: "AC1", authToken: "t" }));
  } finally {
    await control.close();
  }
}

describe("requireEdge", () => {
  it("takes an edge that control knows", async () => {
    assert.equal(await withEdges(["west", "east"], (client) => requireEdge(client, "east")), true);
  });

  for (const edge of ["nosuch", "eas", "east-old", ""]) {
    it(`refuses '${edge}', and says which there are`, async () => {
      await assert.rejects(
        withEdges(["west", "east"], (client) => requireEdge(client, edge)),
        (error) =>
          error instanceof CliError &&
          error.message.includes(`--edge ${edge}: there is no such edge; there are east, west.`),
      );
    });
  }

  it("takes any where there are none", async () => {
    assert.equal(await withEdges([], (client) => requireEdge(client, "east")), false);
  });
});
