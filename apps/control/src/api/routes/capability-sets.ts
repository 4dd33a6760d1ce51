import { createHash } from "node:crypto";
import {
  findDomainOwner,
  findTrunk,
  listEdges,
  listIncomingPhoneNumbers,
  listIpRanges,
  listOriginationUrls,
  listTrunks,
  readTopologySettings,
  type TrunkRow,
} from "@tandem/database";
import { parseTrunkHost } from "@tandem/routing";
import Type from "typebox";
import {
  type CapabilityFacts,
  capabilitySetOf,
  capabilityXml,
  maximumListedNumbers,
} from "../../capability-set/index.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { trunkUrl } from "../conventions/locations.ts";
import { prefersXml } from "../conventions/media-type.ts";
import { answers } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { presentIpRange } from "./ip-ranges.ts";

/** More edges, origination URLs and ranges than there may be. */
const everything = { limit: 100_000 };

/** The capability set document of a trunk, for the trunk's account. */
export const capabilitySetRoutes: Routes = (scope, context) => {
  scope.get(
    "/CapabilitySet",
    {
      schema: {
        operationId: "FetchCapabilitySet",
        tags: ["trunks"],
        description: "RFC 10006; XML when Accept prefers it.",
        querystring: Type.Object({
          trunkid: Type.Optional(
            Type.String({ maxLength: 253, description: "SID or domain name; not needed with one trunk." }),
          ),
        }),
        response: answers(
          200,
          Type.Object({
            "ietf-sip-auto-peering:sip-auto-peering": Type.Record(Type.String(), Type.Unknown()),
          }),
        ),
      },
    },
    async (request, reply) => {
      const trunk = await wantedTrunk(context, request.accountSid, request.query.trunkid);
      const document = capabilitySetOf(await factsOf(context, trunk));
      const isXml = prefersXml(request.headers.accept);
      const text = isXml ? capabilityXml(document) : JSON.stringify(document);
      // Customers poll (RFC 10006 recommends every 24 hours): what has not changed is not sent again.
      const tag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 32)}"`;
      reply
        .header("ETag", tag)
        .header("Vary", "Accept, Authorization")
        .header("Cache-Control", "private, no-cache");
      if (holdsTag(request.headers["if-none-match"], tag)) return reply.code(304).send();
      reply.type(isXml ? "application/xml; charset=utf-8" : "application/json");
      // Text that is sent as it is: the serializer of JSON answers would quote it.
      return reply.serializer((body: unknown) => body as string).send(text);
    },
  );
};

/** RFC 9110 §13.1.2: weak comparison. */
function holdsTag(header: string | undefined, tag: string): boolean {
  const tags = (header ?? "").split(",").map((text) => text.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(tag);
}

/** Throws 404 for a trunk that is none of the account's, 400 when the account has several and none was named. */
async function wantedTrunk(
  { database, baseDomain }: RouteContext,
  accountSid: string,
  id: string | undefined,
): Promise<TrunkRow> {
  if (id === undefined) {
    const { rows } = await listTrunks(database, accountSid, { limit: 2 });
    if (rows.length > 1)
      throw new ApiError("invalidParameter", "The account has several trunks: give trunkid.");
    return found(rows[0]);
  }
  const host = parseTrunkHost(id, baseDomain);
  const owner = host === undefined ? undefined : await findDomainOwner(database, host.label);
  return found(await findTrunk(database, accountSid, host === undefined ? id : (owner?.trunk_sid ?? "")));
}

async function factsOf(context: RouteContext, trunk: TrunkRow): Promise<CapabilityFacts> {
  const { database, baseDomain, realm, publicUrl } = context;
  const numbers = await listIncomingPhoneNumbers(
    database,
    trunk.account_sid,
    { trunkSid: trunk.sid },
    { limit: maximumListedNumbers },
  );
  return {
    trunk,
    originationUrls: (await listOriginationUrls(database, trunk.sid, everything)).rows,
    numbers: numbers.hasNext ? undefined : numbers.rows.map((row) => row.phone_number),
    edges: (await listEdges(database, everything)).rows,
    ipRanges: (await listIpRanges(database, {}, everything)).rows.map(presentIpRange),
    nameServers: (await readTopologySettings(database)).name_servers,
    baseDomain,
    realm,
    url: `${publicUrl}/v1/CapabilitySet?trunkid=${trunk.sid}`,
    numbersUrl: `${trunkUrl(publicUrl, trunk.sid)}/PhoneNumbers`,
  };
}
