/** The REST interface with two private edges and a public one, and what tests of private lines need besides. */
import assert from "node:assert/strict";
import type { ConnectionHealth } from "@tandem/contracts";
import {
  type Database,
  insertEdge,
  insertExchange,
  markGatewaySeen,
  placeGateway,
  upsertGateway,
} from "@tandem/database";
import type { ApiDependencies } from "../src/api/index.ts";
import { TransitionWatcher } from "../src/interconnect/index.ts";
import {
  type ExchangeHarness,
  exchangeHarness,
  type FormFields,
  type Reply,
  type TestAccount,
} from "./exchange-harness.ts";

export const connectionsPath = "/v1/Interconnect/Connections";

export interface InterconnectHarness extends ExchangeHarness {
  readonly customer: TestAccount;
  /** A sound connection with these parameters besides; fails unless it is created. */
  create(account: TestAccount, form?: FormFields): Promise<Reply["body"] & { sid: string }>;
  /** Status and code of an answer. */
  codeOf(account: TestAccount, method: string, path: string, form?: FormFields): Promise<[number, unknown]>;
  update(account: TestAccount, sid: string, form: FormFields): Promise<Reply>;
  /** What a gateway of the edge says. */
  report(gateway: GatewayReport): Promise<void>;
  /** A watcher as another control has one; one look of it. */
  watch(): Promise<void>;
  statusOf(sid: string): Promise<unknown>;
}

export interface GatewayReport {
  readonly name: string;
  readonly edge?: string;
  readonly snapshotVersion: number;
  readonly lines?: readonly ConnectionHealth[];
  readonly healthSnapshotVersion?: number;
}

export async function interconnectHarness(
  database: Database,
  replacements: Partial<ApiDependencies> = {},
): Promise<InterconnectHarness> {
  const harness = await exchangeHarness(database, replacements);
  await addEdges(database);
  const { clock, operator } = harness;
  const request: ExchangeHarness["request"] = (...given) => harness.request(...given);
  const silent = { info: () => undefined, warn: () => undefined, error: assert.fail };
  const watcher = () => new TransitionWatcher({ database, clock, logger: silent, onMoved: () => undefined });
  return {
    ...harness,
    customer: await harness.createAccount(),
    create: async (account, form) => {
      const reply = await request(account, "POST", connectionsPath, { ...sound, ...form });
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return reply.body as Reply["body"] & { sid: string };
    },
    codeOf: async (account, method, path, form) => {
      const reply = await request(account, method, path, form);
      return [reply.status, reply.body["code"]];
    },
    update: (account, sid, form) => request(account, "POST", `${connectionsPath}/${sid}`, form),
    report: (gateway) => report(database, gateway, clock.wallMs()),
    watch: async () => {
      const one = watcher();
      await one.start();
      await one.close();
    },
    statusOf: async (sid) => (await request(operator, "GET", `${connectionsPath}/${sid}`)).body["status"],
  };
}

/** Parameters that make an inactive connection. */
export const sound: FormFields = {
  Type: "crossconnect",
  Edge: "london-ix",
  BandwidthMbps: "100",
  IpRoutes: "198.51.100.0/24",
};

async function addEdges(database: Database): Promise<void> {
  const edge = { region: "r", place: "", signaling_addresses: [] as string[], source: "operator" } as const;
  await insertEdge(database, {
    ...edge,
    name: "london-ix",
    legacy_id: "ie1-ix",
    kind: "private",
    signaling_addresses: ["185.187.132.68"],
  });
  await insertEdge(database, {
    ...edge,
    name: "ashburn-ix",
    legacy_id: "us1-ix",
    kind: "private",
    exchange_sid: (await insertExchange(database, "ashburn", { bandwidth_mbps: [10, 100, 1000] })).sid,
  });
  await insertEdge(database, { ...edge, name: "ashburn", legacy_id: "us1", kind: "public" });
}

async function report(database: Database, gateway: GatewayReport, atMs: number): Promise<void> {
  const { name, snapshotVersion } = gateway;
  await upsertGateway(database, name, `hash of ${name}`);
  await placeGateway(database, name, gateway.edge ?? "london-ix", []);
  await markGatewaySeen(database, {
    name,
    streamId: `stream of ${name}`,
    snapshotVersion,
    health: (gateway.lines ?? []).map((line) => ({
      ...line,
      receivedBitsPerSecond: null,
      sentBitsPerSecond: null,
    })),
    healthSnapshotVersion: gateway.healthSnapshotVersion ?? snapshotVersion,
    atMs,
  });
}
