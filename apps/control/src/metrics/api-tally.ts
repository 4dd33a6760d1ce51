import { Counter, Histogram } from "@tandem/telemetry";
import type { FastifyInstance } from "fastify";

const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Requests to the REST interface, by the template of their route: never by a path, which has SIDs in it. */
export class ApiTally {
  readonly requests: Counter = new Counter(["route", "method", "status"]);
  readonly duration: Histogram = new Histogram(durationBounds, ["route"]);

  /** Before the application listens. */
  watch(application: FastifyInstance): void {
    application.addHook("onResponse", (request, reply, done) => {
      const route = request.routeOptions.url ?? "none";
      const method = methods.has(request.method) ? request.method : "other";
      this.requests.increment({ route, method, status: `${Math.floor(reply.statusCode / 100)}xx` });
      this.duration.observe(reply.elapsedTime / 1000, { route });
      done();
    });
  }
}
