import type { SwaggerOptions } from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import Type from "typebox";

/** What `/openapi.json` says besides the routes. */
export function openApiInformation(publicUrl: string): SwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Tandem",
        description: "Elastic SIP trunking: trunks, origination URLs, access control, numbers.",
        version: "1.0.0",
        license: { name: "Apache 2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { account: { type: "http", scheme: "basic" } } },
      security: [{ account: [] }],
    },
    transform: ({ schema, url }) => ({
      schema: {
        ...(schema?.body !== undefined && { consumes: ["application/x-www-form-urlencoded"] }),
        ...(url.startsWith("/v1/") && { headers: namedAccountHeader }),
        ...schema,
      },
      url,
    }),
  };
}

/** Every route of v1 takes it; it is read before any of them is asked. */
const namedAccountHeader: FastifySchema["headers"] = Type.Object({
  "X-Tandem-Account": Type.Optional(
    Type.String({ description: "SID of the account that the request is about; default the caller's." }),
  ),
});
