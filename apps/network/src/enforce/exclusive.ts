import { createServer, type Server } from "node:net";

/**
 * Two agents would undo each other's work. An abstract socket name belongs to the network namespace, as the rules do, and
 * the kernel takes it back when its owner ends, however that happens.
 */
const lockName = "\0tandem-network";

/** @throws Error when another agent works on this network namespace */
export async function holdNetwork(): Promise<{ release(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error("another network agent is at work on this host (network namespace); stop it first")
          : error,
      ),
    );
    server.listen(lockName, resolve);
  });
  // It holds the name; it does not keep the process alive.
  server.unref();
  return { release: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
