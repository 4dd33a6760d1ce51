import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { createServer, type Server } from "node:net";

/** Another process has the embedded database open. */
export class DirectoryLockedError extends Error {
  override readonly name = "DirectoryLockedError";
}

/**
 * Two processes on one PGlite directory would ruin it. The lock is a socket in Linux's abstract name space: it goes
 * with its process however that ends, so there is never a stale one. Undefined on other systems, which have none.
 */
export async function lockDirectory(directory: string): Promise<Server | undefined> {
  if (process.platform !== "linux") return undefined;
  const digest = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex");
  const server = createServer((socket) => socket.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(`\0tandem-pglite-${digest}`, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new DirectoryLockedError(`the database in ${directory} is open in another process`, { cause });
  }
  return server.unref();
}
