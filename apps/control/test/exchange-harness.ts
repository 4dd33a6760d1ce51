/** The REST interface with the resources of the exchange, over a test database and gateways that do as they are told. */
import { HandClock } from "@tandem/clock/testing";
import type { CommandResult, ExplainRequest, GatewayCommand, LiveCall } from "@tandem/contracts";
import {
  createAccessToken,
  createSid,
  type Database,
  hashAccessToken,
  insertAccount,
} from "@tandem/database";
import type { FastifyInstance } from "fastify";
import { type ApiDependencies, buildApplication, exchangeRoutes } from "../src/api/index.ts";
import type { Explained, GatewayState } from "../src/gateway-stream/index.ts";
import { bootstrapInstallation } from "../src/installation/index.ts";
import { SecretBox } from "../src/secrets/index.ts";

export const box = new SecretBox(Buffer.alloc(32, 7));
export const publicUrl = "https://control.tandem.test";

/** The hub's part, without sockets. */
export class GatewayDouble {
  calls: LiveCall[] = [];
  missing: string[] = [];
  states: GatewayState[] = [];
  explained: Explained = { ok: false, kind: "unreachable", error: "no gateway is connected" };
  commandResult: CommandResult = { ok: false, error: "gateway gw-1 is not connected" };
  readonly asked: unknown[] = [];

  async liveCalls(callSid?: string) {
    this.asked.push(["live-calls", callSid]);
    const calls = callSid === undefined ? this.calls : this.calls.filter((call) => call.sid === callSid);
    return { calls, missing: this.missing };
  }

  async hangUp(callSid: string): Promise<boolean> {
    this.asked.push(["hang-up", callSid]);
    return this.calls.some((call) => call.sid === callSid);
  }

  async explain(request: ExplainRequest, gateway?: string): Promise<Explained> {
    this.asked.push(["explain", request, gateway]);
    return this.explained;
  }

  gateways(): readonly GatewayState[] {
    return this.states;
  }

  async command(gateway: string, command: GatewayCommand): Promise<CommandResult> {
    this.asked.push(["command", gateway, command]);
    return this.commandResult;
  }
}

export interface TestAccount {
  readonly sid: string;
  readonly token: string;
  /** Requests have `X-Tandem-Account` with this value. */
  readonly actingFor?: string;
}

// biome-ignore format: a record
export interface Reply { readonly status: number; readonly body: Record<string, unknown> }

export interface ExchangeHarness {
  readonly database: Database;
  readonly application: FastifyInstance;
  readonly gateways: GatewayDouble;
  readonly operator: TestAccount;
  readonly announced: number[];
  readonly clock: HandClock;
  readonly logged: Record<string, unknown>[];
  createAccount(parent?: TestAccount): Promise<TestAccount>;
  request(account: TestAccount, method: string, path: string, form?: FormFields): Promise<Reply>;
}

export type FormFields = Readonly<Record<string, string | readonly string[]>>;

export async function exchangeHarness(
  database: Database,
  replacements: Partial<ApiDependencies> = {},
): Promise<ExchangeHarness> {
  const gateways = new GatewayDouble();
  const announced: number[] = [];
  const logged: Record<string, unknown>[] = [];
  const log = (event: string, fields?: Record<string, unknown>) => logged.push({ event, ...fields });
  const clock = new HandClock();
  const application = buildApplication(
    {
      database,
      clock,
      logger: { info: log, warn: log, error: log },
      box,
      publicUrl,
      baseDomain: "tandem.test",
      realm: "tandem.test",
      configurationChanged: (version) => announced.push(version),
      ...replacements,
    },
    exchangeRoutes(gateways),
  );
  const first = await bootstrapInstallation({
    database,
    box,
    baseDomain: "tandem.test",
    realm: "tandem.test",
    nowMs: 0,
    keep: async () => undefined,
  });
  if (first === undefined) throw new Error("the database was not empty");
  return {
    database,
    application,
    gateways,
    announced,
    clock,
    logged,
    operator: { sid: first.accountSid, token: first.authToken },
    createAccount: (parent) => createAccount(database, parent),
    request: (account, method, path, form) => request(application, account, method, path, form),
  };
}

async function createAccount(database: Database, parent: TestAccount | undefined): Promise<TestAccount> {
  const account = { sid: createSid("AC"), token: createAccessToken() };
  await insertAccount(database, {
    sid: account.sid,
    parent_account_sid: parent?.sid ?? null,
    friendly_name: "test",
    auth_token_hash: hashAccessToken(account.token),
  });
  return account;
}

async function request(
  application: FastifyInstance,
  account: TestAccount,
  method: string,
  path: string,
  form: FormFields | undefined,
): Promise<Reply> {
  const response = await application.inject({
    method: method as "GET",
    url: path,
    headers: {
      authorization: `Basic ${Buffer.from(`${account.sid}:${account.token}`).toString("base64")}`,
      ...(account.actingFor === undefined ? {} : { "x-tandem-account": account.actingFor }),
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    },
    ...(form === undefined ? {} : { payload: formText(form) }),
  });
  return { status: response.statusCode, body: response.body === "" ? {} : response.json() };
}

function formText(form: FormFields): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(form)) {
    for (const value of [values].flat()) parameters.append(name, value);
  }
  return parameters.toString();
}
