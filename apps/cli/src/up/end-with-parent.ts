/**
 * Preloaded into every program of `up`: nothing is ever written to its standard input, which ends when the supervisor does, whatever
 * ended that. The program then stops as by SIGTERM: a gateway when its last call has ended. Without this a family whose
 * supervisor was killed would run on unsupervised, and keep the ports of the next one.
 */
import type { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

// Threads get the same preloads, and an input of their own that ends at once.
if (isMainThread) {
  const stop = (): void => void process.kill(process.pid, "SIGTERM");
  // The supervisor makes it a pipe, and a pipe is a socket.
  const input = process.stdin as Socket;
  input.once("end", stop).once("error", stop).resume().unref();
}
