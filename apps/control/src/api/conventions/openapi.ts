import type { SwaggerOptions } from "@fastify/swagger";

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
      schema:
        schema?.body === undefined ? schema : { consumes: ["application/x-www-form-urlencoded"], ...schema },
      url,
    }),
  };
}
