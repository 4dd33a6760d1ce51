/**
 * Prometheus watches a gateway and a control that carry real calls: what it counts is what was placed, and promtool finds
 * nothing to say about the texts. Every metric that a rule or the dashboard asks for is one that a program has.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { freePort } from "../harness/free-port.ts";
import { shortTimers } from "./group.ts";
import { hold } from "./held-calls.ts";
import { namesInExpressions, namesInText } from "./metric-names.ts";
import { PrometheusServer, prometheusCommand, promtool, promtoolFaults } from "./prometheus-server.ts";
import { Callee } from "./sipp/callee.ts";
import { Stage } from "./stage.ts";

const network = 93;
const address = `127.0.${network}.1`;
const deploy = join(import.meta.dirname, "..", "..", "deploy");
const rulesFile = join(deploy, "prometheus", "tandem.rules.yml");
const isMissing = !existsSync(prometheusCommand) && process.getuid?.() !== 0;

describe("prometheus", {
  skip: isMissing && "prometheus is not installed (tools/debian-packages.txt)",
}, () => {
  let stage: Stage;
  let prometheus: PrometheusServer;
  let gatewayPort: number;
  let controlPort: number;
  before(async () => {
    gatewayPort = await freePort(address);
    controlPort = await freePort(address);
    stage = await Stage.open({
      network,
      exchange: {
        gateway: { timers: shortTimers, metrics: { address, port: gatewayPort } },
        controlEnvironment: { TANDEM_METRICS_ADDRESS: address, TANDEM_METRICS_PORT: String(controlPort) },
      },
    });
    const jobs = {
      "tandem-gateway": `${address}:${gatewayPort}`,
      "tandem-control": `${address}:${controlPort}`,
    };
    prometheus = await PrometheusServer.start(stage.exchange.directory, address, jobs, rulesFile);
  });
  after(async () => {
    await prometheus?.stop();
    await stage?.close();
  });

  async function textOf(port: number): Promise<string> {
    const response = await fetch(`http://${address}:${port}/metrics`);
    assert.equal(response.status, 200);
    return response.text();
  }

  it("sees both programs, and both are ready", async () => {
    for (const job of ["tandem-gateway", "tandem-control"]) await prometheus.until(`up{job="${job}"}`, 1);
    for (const port of [gatewayPort, controlPort]) {
      for (const path of ["/healthz", "/readyz"]) {
        const response = await fetch(`http://${address}:${port}${path}`);
        assert.equal(response.status, 200, `${port}${path}: ${await response.text()}`);
      }
    }
    await prometheus.until("tandem_control_connected", 1);
    await prometheus.until("tandem_gateways_connected", 1);
    await prometheus.until("tandem_gateways_stale", 0);
  });

  it("counts the calls that were placed, those that are up, and those that are over", async () => {
    const held = await hold(stage, { calls: 4, holdMs: 5_000, releasedBy: "caller" });
    await prometheus.until('tandem_calls_active{direction="termination", state="answered"}', 4);
    await prometheus.until('tandem_media_ports{interface="customers", state="used"}', 4);
    await held.customer.finish();
    await held.carrier.finish();
    await prometheus.until(
      'sum(tandem_calls_total{direction="termination", status="2xx", reason="none"})',
      4,
    );
    await prometheus.until("sum(tandem_calls_total)", 4);
    await prometheus.until('sum(tandem_attempts_total{result="answered"})', 4);
    await prometheus.until('tandem_calls_active{direction="termination", state="answered"}', 0);
    await prometheus.until('tandem_post_dial_delay_seconds_count{direction="termination"}', 4);
    await prometheus.until('tandem_call_duration_seconds_count{direction="termination"}', 4);
    await prometheus.until(
      'tandem_sip_requests_total{direction="received", method="INVITE", transport="UDP"}',
      4,
    );
    await prometheus.until('tandem_sip_requests_total{direction="sent", method="BYE", transport="UDP"}', 4);
    await prometheus.until('tandem_outbox_entries_taken_total{kind="call-record"}', 4);
    await prometheus.until("tandem_outbox_entries", 0);
    await prometheus.until("tandem_outbox_duplicates_total", 0);
  });

  it("tells a refused call by its reason, the one of the call record", async () => {
    const number = stage.number();
    const lines = stage.customerLines(number);
    const carrier = stage.carrier(new Callee().refuse(486, "Busy Here"));
    await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
    const customer = stage.customer(lines.refused(486));
    await customer.finish();
    await carrier.finish();
    const { reasonCode } = await stage.record(number);
    await prometheus.until(
      `sum(tandem_calls_total{direction="termination", status="4xx", code="${reasonCode ?? 0}"})`,
      1,
    );
    await prometheus.until("sum(tandem_calls_total)", 5);
    await prometheus.until('sum(tandem_attempts_total{result="failed"})', 1);
  });

  it("promtool has nothing to say about the texts", async () => {
    for (const port of [gatewayPort, controlPort]) assert.equal(await promtoolFaults(await textOf(port)), "");
  });

  it("the alert rules are sound, each fires when it must, and none does here", async () => {
    await promtool("check", "rules", rulesFile);
    await promtool("test", "rules", join(deploy, "prometheus", "tandem.rules.test.yml"));
    assert.deepEqual(await prometheus.query('ALERTS{alertstate="firing"}'), []);
  });

  it("rules and dashboard ask for no metric that the running programs do not have", async () => {
    const there = new Set([
      ...namesInText(await textOf(gatewayPort)),
      ...namesInText(await textOf(controlPort)),
    ]);
    const page = readFileSync(join(deploy, "..", "docs", "metrics.md"), "utf8");
    // The name server and acme do not run here; the tables of the page are held against their code.
    for (const part of ["dns", "acme"]) {
      const table =
        new RegExp(`<!-- ${part}:begin -->([\\s\\S]*?)<!-- ${part}:end -->`).exec(page)?.[1] ?? "";
      for (const [, name = ""] of table.matchAll(/^\| `(\w+)`/gm)) there.add(name);
    }
    for (const file of ["prometheus/tandem.rules.yml", "grafana/tandem.json"]) {
      const asked = namesInExpressions(readFileSync(join(deploy, file), "utf8"));
      assert.ok(asked.size > 10, `${file}: ${asked.size}`);
      assert.deepEqual(
        [...asked].filter((name) => !there.has(name)),
        [],
        file,
      );
    }
  });

  it("a gateway that has ended is down, and control misses it", async () => {
    await stage.exchange.gateway.stop(5_000);
    await prometheus.until('up{job="tandem-gateway"}', 0);
    await prometheus.until("tandem_gateways_connected", 0);
  });
});
