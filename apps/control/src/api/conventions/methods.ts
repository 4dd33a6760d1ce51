import type { FastifyInstance } from "fastify";
import { ApiError } from "./api-error.ts";
import { sendError } from "./error-replies.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/**
 * Notes which methods each path has. The returned function, called in a scope after all routes, answers the others
 * with 405 and `Allow`: the framework alone would say 404 for a path that exists.
 */
export function watchMethods(
  application: FastifyInstance,
): (scope: FastifyInstance, publicUrl: string) => void {
  const methodsByUrl = new Map<string, Set<string>>();
  application.addHook("onRoute", ({ url, method }) => {
    const known = methodsByUrl.get(url) ?? new Set();
    methodsByUrl.set(url, known);
    for (const name of Array.isArray(method) ? method : [method]) known.add(name);
  });
  return (scope, publicUrl) => {
    for (const [url, known] of methodsByUrl) {
      const others = methods.filter((method) => !known.has(method));
      const allow = [...known].join(", ");
      scope.route({
        method: others,
        url,
        schema: { hide: true },
        // Before the body is read: its content type does not matter.
        onRequest: async (_request, reply) =>
          sendError(reply.header("Allow", allow), new ApiError("methodNotAllowed"), publicUrl),
        handler: async () => undefined,
      });
    }
  };
}
