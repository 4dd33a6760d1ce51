import { accessTokenMatches, listGateways, type Queryable } from "@tandem/database";

/**
 * Name of the gateway whose token the `Authorization` field shows; undefined: none. All hashes are compared, in
 * constant time each, so that the time tells nothing.
 */
export async function authenticateGateway(
  database: Queryable,
  authorization: string | undefined,
): Promise<string | undefined> {
  const token = /^Bearer +([\x21-\x7e]{1,256}) *$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  let name: string | undefined;
  for (const gateway of await listGateways(database)) {
    if (accessTokenMatches(token, gateway.token_hash)) name = gateway.name;
  }
  return name;
}
