/**
 * Basic authentication: an account's SID and token, or an API key's SID and secret. Tokens and secrets are random and
 * stored as SHA-256; an unknown SID costs the same comparison as a wrong token.
 */
import type { Clock } from "@tandem/clock";
import { accessTokenMatches, type CallerRow, findCaller, type Queryable } from "@tandem/database";
import type { FastifyRequest } from "fastify";
import { failedAuthenticationLimits } from "../limits.ts";
import { ApiError } from "./api-error.ts";
import { FailedAuthentications } from "./failed-authentications.ts";
import { type RequestRateLimits, RequestRates } from "./request-rates.ts";

/** Who is asking. */
export interface Caller {
  readonly accountSid: string;
  /** Undefined: the account's own token was used. */
  readonly keySid: string | undefined;
  /** May manage carriers, edges and the stock of numbers. */
  readonly isOperator: boolean;
}

export class Authenticator {
  readonly #database: Queryable;
  readonly #byUsername: FailedAuthentications;
  readonly #byAddress: FailedAuthentications;
  readonly #rates: RequestRates;

  constructor(database: Queryable, clock: Clock, rates: RequestRateLimits) {
    const { windowMs, maximumTrackedKeys, perUsername, perAddress } = failedAuthenticationLimits;
    this.#database = database;
    this.#rates = new RequestRates(clock, rates);
    this.#byUsername = new FailedAuthentications(clock, {
      windowMs,
      maximumTrackedKeys,
      maximumFailures: perUsername,
    });
    this.#byAddress = new FailedAuthentications(clock, {
      windowMs,
      maximumTrackedKeys,
      maximumFailures: perAddress,
    });
  }

  /** Throws 20003 for wrong or missing credentials, 20403 for an account that is not active, 20429 after too many
   * failures and for a caller that asks too often. */
  async authenticate(request: FastifyRequest): Promise<Caller> {
    const credentials = readBasic(request.headers.authorization);
    const usernameKey = `${request.ip} ${credentials?.username.slice(0, 64) ?? ""}`;
    const checkFailures = (): void =>
      refuseFor(
        Math.max(this.#byUsername.blockedSeconds(usernameKey), this.#byAddress.blockedSeconds(request.ip)),
      );
    checkFailures();
    const row = credentials === undefined ? undefined : await this.#find(credentials);
    // Again: many guesses at the same time have all passed the first check.
    checkFailures();
    if (row === undefined) {
      // A request without credentials is a client that waits for the challenge, not an attack.
      if (credentials !== undefined) {
        this.#byUsername.recordFailure(usernameKey);
        this.#byAddress.recordFailure(request.ip);
      }
      throw new ApiError("authenticationFailed");
    }
    this.#byUsername.recordSuccess(usernameKey);
    const caller = callerOf(row);
    refuseFor(this.#rates.take(caller.keySid ?? caller.accountSid));
    return caller;
  }

  async #find(credentials: { username: string; password: string }): Promise<CallerRow | undefined> {
    const row = /^(AC|SK)[0-9a-f]{32}$/.test(credentials.username)
      ? await findCaller(this.#database, credentials.username)
      : undefined;
    const isRight = accessTokenMatches(credentials.password, row?.hash);
    return isRight ? row : undefined;
  }
}

/** Throws 20429 unless it is 0. */
function refuseFor(seconds: number): void {
  if (seconds > 0) throw new ApiError("tooManyRequests", undefined, { retryAfterSeconds: seconds });
}

function callerOf(row: CallerRow): Caller {
  if (row.status !== "active") throw new ApiError("forbidden", `The account is ${row.status}.`);
  if (row.parent_status !== null && row.parent_status !== "active") {
    throw new ApiError("forbidden", `The account's parent is ${row.parent_status}.`);
  }
  return { accountSid: row.account_sid, keySid: row.key_sid ?? undefined, isOperator: row.is_operator };
}

/** RFC 7617 §2: the user name ends at the first colon, the password may hold more of them. */
export function readBasic(header: string | undefined): { username: string; password: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header ?? "");
  if (match === null) return undefined;
  const text = Buffer.from(match[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Throws unless the account's own token was used: a leaked key must not make more keys or accounts. */
export function requireAccountToken(caller: Caller): void {
  if (caller.keySid !== undefined)
    throw new ApiError("forbidden", "An API key may not do this; use the account's token.");
}

/** Throws unless the caller is the operator of the exchange. */
export function requireOperator(caller: Caller): void {
  if (!caller.isOperator) throw new ApiError("forbidden", "Only the operator's account may do this.");
}
