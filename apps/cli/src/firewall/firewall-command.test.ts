import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { buildProgram } from "../program.ts";
import { startControlDouble } from "../testing/control-double.ts";
import { type RecordingContext, recordingContext } from "../testing/recording-context.ts";
import { sampleRanges } from "../testing/sample-ranges.ts";

const reference = join(import.meta.dirname, "..", "..", "..", "..", "topology", "reference.yaml");

async function run(line: readonly string[], environment = {}): Promise<RecordingContext> {
  const context = recordingContext({ environment });
  const program = buildProgram(context);
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(["node", "tandem", "firewall", ...line]);
  return context;
}

/** Runs against a control that gives these rows. */
async function runWith(
  rows: unknown,
  line: readonly string[],
): Promise<RecordingContext & { requests: readonly string[] }> {
  const control = await startControlDouble([{ body: { ip_ranges: rows, meta: { next_page_url: null } } }]);
  const environment = { TANDEM_URL: control.url, TANDEM_ACCOUNT_SID: "AC1", TANDEM_AUTH_TOKEN: "t" };
  try {
    return { ...(await run(line, environment)), requests: control.requests };
  } finally {
    await control.close();
  }
}

/** The signaling table of the reference document, as it stands there. */
const referenceTable = `| edge | addresses |
|---|---|
| ashburn-ix | 208.78.112.64, .65, .66 |
| san-jose-ix | 67.213.136.64, .65, .66 |
| london-ix | 185.187.132.68, .69, .70 |
| frankfurt-ix | 185.194.136.64, .65, .66 |
| singapore-ix | 103.75.151.68, .69, .70 |
| tokyo-ix | 103.144.142.68, .69, .70 |
| sydney-ix | 103.146.214.68, .69, .70 |`;

/** The rows of its media table. */
const referenceMedia =
  "sydney-ix (au1-ix), sao-paulo-ix (br1-ix), london-ix (ie1-ix), frankfurt-ix (de1-ix), tokyo-ix (jp1-ix), " +
  "singapore-ix (sg1-ix), ashburn-ix (us1-ix), san-jose-ix (us2-ix), roaming (gll-ix)";

describe("tandem firewall", () => {
  it("shows, from the reference document, exactly its tables", async () => {
    const { printed } = await run(["--topology", reference, "--source", "reference"]);
    assert.equal(
      printed.join("\n"),
      `Signaling in both directions, 5060 UDP/TCP, 5061 TLS (source: reference)

${referenceTable}

Media in both directions, UDP 168.86.128.0/18, ports 10000–60000, clients' ports 1024–65535, secure media: ICE, STUN, SRTP (source: reference)

${referenceMedia}`,
    );
  });

  it("of all rows, those of the reference document are its tables", async () => {
    const { printed } = await run(["--topology", reference]);
    const blocks = printed.join("\n").split("\n\n");
    const after = (heading: RegExp) => blocks[blocks.findIndex((block) => heading.test(block)) + 1];
    assert.equal(after(/^Signaling.*\(source: reference\)$/), referenceTable);
    assert.equal(after(/^Media.*\(source: reference\)$/), referenceMedia);
  });

  it("asks control when no file is named", async () => {
    const { printed, requests } = await runWith(sampleRanges, ["--format", "json", "--source", "reference"]);
    assert.deepEqual(requests, ["GET /v1/Interconnect/IpRanges?PageSize=1000"]);
    const plan = JSON.parse(printed[0] ?? "") as { sets: { networks: string[] }[] };
    assert.deepEqual(
      plan.sets.map(({ networks }) => networks),
      [["192.0.2.1/32", "192.0.2.2/32"], ["198.51.100.0/24"]],
    );
  });

  it("takes edges by name or legacy id, and warns the customer that chooses some", async () => {
    const line = ["--edge", "west", "south-old", "--format", "nftables"];
    const { printed, noted } = await runWith(sampleRanges, line);
    assert.match(printed[0] ?? "", /203\.0\.113\.4\/30/);
    assert.match(printed[0] ?? "", /2001:db8::\/48/);
    assert.doesNotMatch(printed[0] ?? "", /192\.0\.2\.1/);
    assert.match(noted.join("\n"), /customers should allow all edges/);
    assert.deepEqual((await runWith(sampleRanges, [...line, "--direction", "exchange"])).noted, []);
  });

  it("turns everything round for the exchange", async () => {
    const { printed } = await runWith(sampleRanges, ["--format", "iptables", "--direction", "exchange"]);
    assert.match(printed[0] ?? "", /^-A TANDEM-IN -d 192\.0\.2\.1\/32 -p udp --dport 5060 -j ACCEPT$/m);
  });

  const malformed: [string, object][] = [
    ["network", { network: "192.0.2.1/32; drop" }],
    ["edge", { edge: 'a"\nrule' }],
    ["port", { ports: [{ transport: "udp", first_port: 0, last_port: 5060 }] }],
  ];
  for (const [what, member] of malformed) {
    it(`writes no configuration of a ${what} that is none`, async () => {
      await assert.rejects(runWith([{ ...sampleRanges[0], ...member }], []), /a range that is none/);
    });
  }

  it("says what is wrong with the file, and where", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-firewall-"));
    try {
      const file = join(folder, "t.yaml");
      writeFileSync(file, "formatVersion: 1\n");
      await assert.rejects(
        run(["--topology", file]),
        new RegExp(`${file}:1:1: /: must have required properties`),
      );
      await assert.rejects(run(["--topology", join(folder, "no.yaml")]), /cannot read .*ENOENT/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses an edge that is not there, a choice that leaves nothing, and another format", async () => {
    await assert.rejects(
      run(["--topology", reference, "--edge", "ashburn-ix", "paris"]),
      /there is no edge paris/,
    );
    await assert.rejects(run(["--topology", reference, "--source", "operator"]), /there is no such range/);
    await assert.rejects(
      run(["--topology", reference, "--format", "pf"]),
      /Allowed choices are table, json, nftables/,
    );
  });
});
