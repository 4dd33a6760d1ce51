/** The REST interface over a test database, with accounts, and the unmodified SDK as its client. */

import { HandClock } from "@tandem/clock/testing";
import {
  createAccessToken,
  createSid,
  type Database,
  hashAccessToken,
  insertAccount,
  insertApiKey,
  snapshotVersion,
} from "@tandem/database";
import type { FastifyInstance } from "fastify";
import { type ApiDependencies, buildApplication } from "../src/api/index.ts";
import { bootstrapInstallation } from "../src/installation/index.ts";
import { SecretBox } from "../src/secrets/index.ts";
import { type ApiAnswer, type SdkClient, sdkClient } from "./sdk-client.ts";

export const publicUrl = "https://control.tandem.test";
export const baseDomain = "tandem.test";
export const box = new SecretBox(Buffer.alloc(32, 7));

export interface TestAccount {
  readonly sid: string;
  readonly token: string;
  readonly sdk: SdkClient;
}

export interface ApiHarness {
  readonly database: Database;
  readonly application: FastifyInstance;
  readonly clock: HandClock;
  readonly logged: Record<string, unknown>[];
  /** Versions that were announced. */
  readonly announced: number[];
  readonly operator: TestAccount;
  /** Every answer that the SDK clients got. */
  readonly answers: ApiAnswer[];
  createAccount(parent?: TestAccount): Promise<TestAccount>;
  /** The SDK with an API key of the account. */
  createKey(account: TestAccount): Promise<TestAccount>;
  request(account: TestAccount | undefined, method: string, path: string, form?: FormFields): Promise<Reply>;
  snapshotVersion(): Promise<number>;
}

export type FormFields = Readonly<Record<string, string | readonly string[]>>;

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

export async function apiHarness(
  database: Database,
  replacements: Partial<ApiDependencies> = {},
): Promise<ApiHarness> {
  const clock = new HandClock();
  const logged: Record<string, unknown>[] = [];
  const announced: number[] = [];
  const log = (event: string, fields?: Record<string, unknown>) => logged.push({ event, ...fields });
  const application = buildApplication({
    database,
    clock,
    logger: { info: log, warn: log, error: log },
    publicUrl,
    baseDomain,
    realm: "realm.test",
    box,
    configurationChanged: (version) => announced.push(version),
    ...replacements,
  });
  const answers: ApiAnswer[] = [];
  const account = (sid: string, token: string, username = sid): TestAccount => ({
    sid,
    token,
    sdk: sdkClient(application, { username, password: token, accountSid: sid }, answers),
  });
  const keep = async () => undefined;
  const first = await bootstrapInstallation({
    database,
    box,
    baseDomain,
    realm: "realm.test",
    nowMs: 0,
    keep,
  });
  if (first === undefined) throw new Error("the database was not empty");
  return {
    database,
    application,
    clock,
    logged,
    announced,
    answers,
    operator: account(first.accountSid, first.authToken),
    snapshotVersion: () => snapshotVersion(database),
    async createAccount(parent) {
      const token = createAccessToken();
      const sid = createSid("AC");
      await insertAccount(database, {
        sid,
        parent_account_sid: parent?.sid ?? null,
        friendly_name: "test",
        auth_token_hash: hashAccessToken(token),
      });
      return account(sid, token);
    },
    async createKey(owner) {
      const secret = createAccessToken();
      const sid = createSid("SK");
      await insertApiKey(database, {
        sid,
        account_sid: owner.sid,
        friendly_name: "test",
        secret_hash: hashAccessToken(secret),
      });
      return { ...account(owner.sid, secret, sid), sid };
    },
    request: (caller, method, path, form) => ask(application, caller, method, path, form),
  };
}

async function ask(
  application: FastifyInstance,
  caller: TestAccount | undefined,
  method: string,
  path: string,
  form: FormFields | undefined,
): Promise<Reply> {
  const response = await application.inject({
    method: method as "GET",
    url: path,
    ...(form === undefined ? {} : { payload: formText(form) }),
    headers: {
      ...(caller === undefined ? {} : { authorization: basic(caller.sid, caller.token) }),
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    },
  });
  const body = response.body === "" ? {} : response.json();
  return { status: response.statusCode, body, headers: response.headers };
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function formText(form: FormFields): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(form)) {
    for (const value of [values].flat()) parameters.append(name, value);
  }
  return parameters.toString();
}
