/**
 * The REST interface: the paths, shapes and codes of the Trunking v1 API and the parts of 2010-04-01 that trunks need,
 * so that an unmodified SDK is a client. Both trees live on one origin.
 *
 * To add a resource: write `routes/{resource}.ts` that exports a `Routes` function, and name it in one of the two lists
 * below. A route declares its schemas with TypeBox (they validate, type the handler and make `/openapi.json`), throws
 * `ApiError`, reads `request.accountSid`, takes queries from `@tandem/database`, and writes through `context.change`,
 * which also makes the audit event.
 */
import formbody from "@fastify/formbody";
import swagger from "@fastify/swagger";
import fastify, { type FastifyInstance } from "fastify";
import { namedAccount, reachableAccount } from "./conventions/account-scope.ts";
import { ApiError } from "./conventions/api-error.ts";
import { AuditTrail } from "./conventions/audit-trail.ts";
import { Authenticator } from "./conventions/authentication.ts";
import { replyToErrors, sendError, toApiError } from "./conventions/error-replies.ts";
import { formValidatorCompiler } from "./conventions/form.ts";
import { watchMethods } from "./conventions/methods.ts";
import { openApiInformation } from "./conventions/openapi.ts";
import { changeIn, type RouteContext, type RouteScope, type Routes } from "./conventions/route-scope.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { maximumBodyBytes, requestRateLimits, resourceLimits } from "./limits.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { auditEventRoutes } from "./routes/audit-events.ts";
import { bulkCountryUpdateRoutes } from "./routes/bulk-country-updates.ts";
import { capabilitySetRoutes } from "./routes/capability-sets.ts";
import { credentialListRoutes } from "./routes/credential-lists.ts";
import { credentialRoutes } from "./routes/credentials.ts";
import { dialingCountryRoutes } from "./routes/dialing-countries.ts";
import { dialingSettingsRoutes } from "./routes/dialing-settings.ts";
import { errorPageRoutes } from "./routes/error-pages.ts";
import type { ExchangeRoutes } from "./routes/exchange-routes.ts";
import { headerPolicyRoutes } from "./routes/header-policies.ts";
import { incomingPhoneNumberRoutes } from "./routes/incoming-phone-numbers.ts";
import { ipAccessControlListRoutes } from "./routes/ip-access-control-lists.ts";
import { ipAddressRoutes } from "./routes/ip-addresses.ts";
import { keyRoutes } from "./routes/keys.ts";
import { blockedPrefixRoutes, doNotOriginatePrefixRoutes } from "./routes/number-prefixes.ts";
import { originationUrlRoutes } from "./routes/origination-urls.ts";
import { outgoingCallerIdRoutes } from "./routes/outgoing-caller-ids.ts";
import { riskPrefixRoutes } from "./routes/risk-prefixes.ts";
import { trunkListRoutes } from "./routes/trunk-lists.ts";
import { trunkPhoneNumberRoutes } from "./routes/trunk-phone-numbers.ts";
import { trunkRecordingRoutes } from "./routes/trunk-recording.ts";
import { trunkRoutes } from "./routes/trunks.ts";
import { webfingerRoutes } from "./routes/webfinger.ts";

/** Under `/v1`: about the caller's own account, or the one that `X-Tandem-Account` names. */
const v1Routes: readonly Routes[] = [
  trunkRoutes,
  originationUrlRoutes,
  trunkListRoutes,
  trunkPhoneNumberRoutes,
  trunkRecordingRoutes,
  headerPolicyRoutes,
  capabilitySetRoutes,
  auditEventRoutes,
  dialingCountryRoutes,
  bulkCountryUpdateRoutes,
  dialingSettingsRoutes,
  blockedPrefixRoutes,
  doNotOriginatePrefixRoutes,
  riskPrefixRoutes,
];

/** Under `/2010-04-01`: about the account of the path. */
const v2010Routes: readonly Routes[] = [
  accountRoutes,
  keyRoutes,
  ipAccessControlListRoutes,
  ipAddressRoutes,
  credentialListRoutes,
  credentialRoutes,
  incomingPhoneNumberRoutes,
  outgoingCallerIdRoutes,
];

/**
 * The interface, not listening yet: call `listen`, or `inject` in tests; `close` when done. `exchange`: resources that
 * need more than the database; left out, they are not there.
 */
export function buildApplication(
  dependencies: ApiDependencies,
  exchange: ExchangeRoutes = { v1: [], v2010: [] },
): FastifyInstance {
  const { publicUrl } = dependencies;
  const application = fastify({
    bodyLimit: maximumBodyBytes,
    trustProxy: dependencies.trustProxy ?? false,
    requestTimeout: 30_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 255 },
    frameworkErrors: (error, _request, reply) => {
      void sendError(reply, toApiError(error), publicUrl);
    },
  });
  application.setValidatorCompiler(formValidatorCompiler);
  application.setSerializerCompiler(() => (body) => JSON.stringify(body));
  application.removeContentTypeParser("text/plain");
  replyToErrors(application, dependencies);
  application.register(formbody, { bodyLimit: maximumBodyBytes });
  application.register(swagger, openApiInformation(publicUrl));
  const answerOtherMethods = watchMethods(application);
  application.register(async (scope) => declareRoutes(scope, dependencies, exchange));
  application.register(async (scope) => answerOtherMethods(scope, publicUrl));
  return application;
}

function declareRoutes(root: FastifyInstance, dependencies: ApiDependencies, exchange: ExchangeRoutes): void {
  const audit = new AuditTrail(dependencies.clock);
  const context = contextOf(dependencies, audit);
  errorPageRoutes(root as unknown as RouteScope, context);
  webfingerRoutes(root as unknown as RouteScope, context);
  root.get("/openapi.json", { schema: { hide: true } }, async () => root.swagger());
  root.register(async (scope) => {
    authenticateAll(scope, context);
    scope.addHook("preHandler", (request, _reply, done) => audit.follow(request, done));
    scope.register(async (v1) => addAll([...v1Routes, ...exchange.v1], v1, context), { prefix: "/v1" });
    scope.register(async (v2010) => addAll([...v2010Routes, ...exchange.v2010], v2010, context), {
      prefix: "/2010-04-01",
    });
  });
}

function addAll(routes: readonly Routes[], scope: FastifyInstance, context: RouteContext): void {
  for (const add of routes) add(scope as unknown as RouteScope, context);
}

function contextOf(dependencies: ApiDependencies, audit: AuditTrail): RouteContext {
  const announce = (version: number): void => dependencies.configurationChanged?.(version);
  return {
    ...dependencies,
    limits: { ...resourceLimits, ...dependencies.limits },
    ...changeIn(dependencies.database, audit, announce),
  };
}

/** Every route of the scope knows its caller and the account it is about before its body is read. */
function authenticateAll(scope: FastifyInstance, context: RouteContext): void {
  const authenticator = new Authenticator(
    context.database,
    context.clock,
    context.requestRates ?? requestRateLimits,
  );
  scope.decorateRequest("caller");
  scope.decorateRequest("accountSid", "");
  scope.addHook("onRequest", async (request) => {
    // The reference's Interconnect has a code of its own for a request without any credentials.
    if (request.headers.authorization === undefined && request.url.startsWith("/v1/Interconnect/")) {
      throw new ApiError("interconnectAuthenticationMissing");
    }
    request.caller = await authenticator.authenticate(request);
    const named = namedAccount(request);
    request.accountSid =
      named === undefined
        ? request.caller.accountSid
        : (await reachableAccount(context.database, request.caller, named)).sid;
  });
}
