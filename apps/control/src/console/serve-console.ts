import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConsoleFiles } from "./console-files.ts";
import { securityHeaders } from "./security-headers.ts";
import { isHeld, readServedFile, type ServedFile } from "./served-file.ts";

const prefix = "/console/";

/**
 * Adds the console to an application that does not listen yet. Its files need no credentials: they hold nothing but the
 * program, and the interface that they use asks for them. Each is read at its first request and then kept.
 */
export function serveConsole(application: FastifyInstance, { files, importMap }: ConsoleFiles): void {
  const headers = securityHeaders(importMap);
  const kept = new Map<string, Promise<ServedFile>>();
  const read = (file: string): Promise<ServedFile> => {
    const reading = kept.get(file) ?? readServedFile(file);
    kept.set(file, reading);
    // A file that could not be read now may be readable later.
    reading.catch(() => kept.delete(file));
    return reading;
  };

  application.get(`${prefix}*`, { schema: { hide: true } }, async (request, reply) => {
    const path = request.url.slice(prefix.length).split("?", 1)[0] ?? "";
    const file = files.get(path === "" ? "index.html" : path);
    if (file === undefined) return reply.callNotFound();
    return send(request, reply.headers(headers), await read(file));
  });
  application.get("/console", { schema: { hide: true } }, async (_request, reply) => reply.redirect(prefix));
  application.get("/", { schema: { hide: true } }, async (request, reply) =>
    isBrowser(request) ? reply.redirect(prefix) : reply.callNotFound(),
  );
}

function send(request: FastifyRequest, reply: FastifyReply, { body, type, etag }: ServedFile): FastifyReply {
  reply.header("ETag", etag);
  if (isHeld(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.type(type).send(body);
}

/** A person's browser says that it wants pages; the clients of the interface do not. */
function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes("text/html") === true;
}
