/** The configuration file of `tandem acme` (YAML or JSON). Only its `main.ts` reads it. */
import { type Static, Type } from "typebox";
import { MetricsConfiguration } from "./metrics-configuration.ts";

export const AcmeCertificate = Type.Object({
  /** Names its directory: `certificate.pem` and `key.pem` stand in it. */
  name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
  /** Domains; one that begins with `*.` needs dns-01. */
  domains: Type.Array(Type.String({ pattern: "^(\\*\\.)?([a-z0-9-]+\\.)+[a-z0-9-]+$", maxLength: 253 }), {
    minItems: 1,
    maxItems: 100,
  }),
});
export type AcmeCertificate = Static<typeof AcmeCertificate>;

export const AcmeSolver = Type.Union([
  Type.Object({
    type: Type.Literal("http-01"),
    /** Where the responder listens while an order is open. The authority asks port 80 of each domain. */
    address: Type.String(),
    port: Type.Integer({ minimum: 0, maximum: 65535 }),
  }),
  Type.Object({
    type: Type.Literal("dns-01"),
    /** Program and arguments; gets `add` or `remove`, the name `_acme-challenge.…` and the value of the TXT record as well. */
    command: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 32 }),
    /** Seconds from the end of `add` until the authority is told: the record must be on every name server. Default 0. */
    settleSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
  }),
]);
export type AcmeSolver = Static<typeof AcmeSolver>;

export const AcmeConfiguration = Type.Object({
  /** URL of the authority's directory. */
  directoryUrl: Type.String({ pattern: "^https://" }),
  /** PEM file of who vouches for the authority's own server; the system's when left out. */
  authoritiesFile: Type.Optional(Type.String()),
  /** Whether you agree to the authority's terms of service; it gives nothing to others. */
  termsOfServiceAgreed: Type.Literal(true),
  /** For the authority's mails. */
  email: Type.Optional(Type.String({ pattern: "^[^@\\s]+@[^@\\s]+$", maxLength: 254 })),
  /** Gets the account's key and the certificates; created with mode 0700. */
  directory: Type.String(),
  solver: AcmeSolver,
  certificates: Type.Array(AcmeCertificate, { minItems: 1, maxItems: 1000 }),
  /** Left out: nothing is served. */
  metrics: Type.Optional(MetricsConfiguration),
  logLevel: Type.Optional(
    Type.Union([Type.Literal("debug"), Type.Literal("info"), Type.Literal("warn"), Type.Literal("error")]),
  ),
});
export type AcmeConfiguration = Static<typeof AcmeConfiguration>;
