import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CliError } from "../cli-error.ts";
import { RestClient } from "../client/rest-client.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { edgeRegion } from "./edge-region.ts";

const known = { west: "us2", east: "us1", dublin: "ie1" };

async function regionOf(
  edge: string,
  region?: string,
  places: Readonly<Record<string, string>> = known,
): Promise<string | undefined> {
  const edges = Object.entries(places).map(([name, place]) => ({
    name,
    legacy_id: `${name}-old`,
    region: place,
  }));
  const control = await startControlDouble([{ body: { edges, meta: { next_page_url: null } } }]);
  try {
    const client = new RestClient({ url: control.url, accountSid: "AC1", authToken: "t" });
    return await edgeRegion(client, { edge, region });
  } finally {
    await control.close();
  }
}

function refusedWith(text: string): (error: unknown) => boolean {
  return (error) => error instanceof CliError && error.message.includes(text);
}

describe("edgeRegion", () => {
  it("is the one of the edge that control knows", async () => {
    assert.equal(await regionOf("east"), "us1");
    assert.equal(await regionOf("dublin"), "ie1");
    assert.equal(await regionOf("dublin", "ie1"), "ie1");
  });

  it("refuses a region that the edge is not in, and names both", async () => {
    await assert.rejects(
      regionOf("dublin", "us1"),
      refusedWith("--region us1: the edge dublin is in region ie1;"),
    );
    await assert.rejects(regionOf("west", ""), refusedWith("the edge west is in region us2"));
  });

  for (const edge of ["nosuch", "eas", "east-old", ""]) {
    it(`refuses '${edge}', and says which there are`, async () => {
      await assert.rejects(
        regionOf(edge),
        refusedWith(`--edge ${edge}: there is no such edge; there are dublin, east, west.`),
      );
    });
  }

  it("is not known where there are no edges", async () => {
    assert.equal(await regionOf("east", undefined, {}), undefined);
    assert.equal(await regionOf("east", "us1", {}), undefined);
  });
});
