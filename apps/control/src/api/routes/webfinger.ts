import { parseTrunkHost } from "@tandem/routing";
import Type from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";

/** RFC 9409 §2. */
const relation = "sip-trunking-capability";

/**
 * WebFinger (RFC 7033): where the capability set document of the exchange, or of a trunk by one of its names, is. It
 * needs no authentication and looks nothing up, so it tells nobody which trunks there are; the document needs both.
 */
export const webfingerRoutes: Routes = (scope, context) => {
  scope.get(
    "/.well-known/webfinger",
    {
      schema: {
        operationId: "FetchWebfinger",
        tags: ["discovery"],
        security: [],
        querystring: Type.Object({
          resource: Type.String({
            maxLength: 1024,
            description: "https://tandem.test or sip:office.pstn.tandem.test",
          }),
          rel: Type.Optional(Type.Array(Type.String(), { maxItems: 16 })),
        }),
        response: {
          200: Type.Object({
            subject: Type.String(),
            links: Type.Array(Type.Object({ rel: Type.String(), type: Type.String(), href: Type.String() })),
          }),
        },
      },
    },
    async (request, reply) => {
      const { resource, rel } = request.query;
      const href = documentOf(resource, context);
      if (href === undefined) throw new ApiError("notFound", "That resource is none of this exchange.");
      // RFC 7033 §4.3: other relations are left out, the answer is still 200.
      const isWanted = rel === undefined || rel.includes(relation);
      const links = isWanted ? [{ rel: relation, type: "application/json", href }] : [];
      // RFC 7033 §5: for clients in browsers.
      reply.header("Access-Control-Allow-Origin", "*").type("application/jrd+json");
      return { subject: resource, links };
    },
  );
};

/** Undefined: no resource of ours. */
function documentOf(resource: string, { publicUrl, baseDomain }: RouteContext): string | undefined {
  const host = hostOf(resource);
  if (host === undefined) return undefined;
  const address = `${publicUrl}/v1/CapabilitySet`;
  if ([new URL(publicUrl).hostname, baseDomain, `pstn.${baseDomain}`].includes(host)) return address;
  const trunk = parseTrunkHost(host, baseDomain);
  return trunk === undefined ? undefined : `${address}?trunkid=${trunk.label}.pstn.${baseDomain}`;
}

/** Host of an http(s) URL or of a SIP URI, without its port. */
function hostOf(resource: string): string | undefined {
  if (/^https?:\/\//i.test(resource)) return URL.parse(resource)?.hostname.toLowerCase();
  const [, host] = /^sips?:(?:[^@]*@)?([a-z0-9.-]+)(?::\d+)?(?:;.*)?$/i.exec(resource) ?? [];
  return host?.toLowerCase();
}
