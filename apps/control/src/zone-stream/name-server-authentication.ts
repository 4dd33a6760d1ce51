import { accessTokenMatches, hashAccessToken } from "@tandem/database";

/**
 * Whose token the `Authorization` field shows; undefined: no name server's. Name servers and their tokens stand in
 * control's configuration alone: they bring nothing that would have to be kept.
 */
export function nameServerAuthentication(
  tokens: ReadonlyMap<string, string>,
): (authorization: string | undefined) => string | undefined {
  const hashes = [...tokens].map(([name, token]) => ({ name, hash: hashAccessToken(token) }));
  return (authorization) => {
    const token = /^Bearer +([\x21-\x7e]{1,256}) *$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return undefined;
    let found: string | undefined;
    // All are compared, in constant time each, so that the time tells nothing.
    for (const { name, hash } of hashes) if (accessTokenMatches(token, hash)) found = name;
    return found;
  };
}
