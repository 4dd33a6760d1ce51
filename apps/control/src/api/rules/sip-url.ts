import { edgeExists, type Queryable } from "@tandem/database";
import { parseCandidateUri } from "@tandem/routing";
import { ApiError } from "../conventions/api-error.ts";

/** Characters of a SIP URL. */
export const maximumSipUrlLength = 2048;

/**
 * Checks what calls will be sent to. Throws 91103 with the parser's words, 91115 for an edge that does not exist.
 * `sip:` only: TLS is asked for with `;transport=tls`.
 */
export async function checkSipUrl(database: Queryable, sipUrl: string): Promise<void> {
  if (sipUrl.length > maximumSipUrlLength) refuse(`It has more than ${maximumSipUrlLength} characters.`);
  if (!/^sip:/i.test(sipUrl)) refuse("It must begin with sip:.");
  const parsed = parseCandidateUri(sipUrl);
  if (!parsed.ok) return refuse(`${parsed.text}.`);
  const { edge, omittedHeaders } = parsed.value;
  const omitted = omittedHeaders[0];
  if (omitted !== undefined) refuse(`The header field ${omitted.name} may not be added.`);
  if (edge !== undefined && !(await edgeExists(database, edge)))
    throw new ApiError("unknownEdge", `edge=${edge}`);
}

function refuse(particulars: string): never {
  throw new ApiError("invalidSipUrl", particulars);
}
