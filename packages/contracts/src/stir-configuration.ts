/** STIR/SHAKEN of a gateway: with which certificate it signs calls, and whom it believes. */
import { type Static, Type } from "typebox";

export const StirConfiguration = Type.Object({
  /** Left out: no call is signed, whatever the carrier wants. */
  signing: Type.Optional(
    Type.Object({
      /** Where everybody finds the certificate (x5u): https, port 443 or 8443. */
      certificateUrl: Type.String({ maxLength: 512 }),
      /** PEM of the certificate, its issuers behind it: the same that stands there. */
      certificateFile: Type.String(),
      privateKeyFile: Type.String(),
      /**
       * UUID below which each account gets its own `origid` (RFC 8588 §5); the same on all gateways. Left out: accounts have
       * the ones that this software gives them.
       */
      originationNamespace: Type.Optional(
        Type.String({ pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" }),
      ),
    }),
  ),
  /** Left out: no PASSporT is verified, and what comes is passed on as it is. */
  verification: Type.Optional(
    Type.Object({
      /** PEM of the roots that are trusted: the list of the policy administrator (STI-PA). */
      authoritiesFile: Type.String(),
      /** How long a call waits for a certificate. Default 1000; sensible 500 to 2000. */
      maximumWaitMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 3000 })),
      /** Ports that certificates are fetched from. Default 443 and 8443. */
      certificatePorts: Type.Optional(
        Type.Array(Type.Integer({ minimum: 1, maximum: 65_535 }), { minItems: 1, maxItems: 8 }),
      ),
      /**
       * Hosts of certificate URLs that are reached at that address, whatever DNS says, and though it may be private: a
       * repository in the own network. Lower case.
       */
      repositories: Type.Optional(Type.Record(Type.String({ maxLength: 253 }), Type.String())),
      /** PEM of authorities for https to repositories; Node's when left out. */
      httpsAuthoritiesFile: Type.Optional(Type.String()),
    }),
  ),
});
export type StirConfiguration = Static<typeof StirConfiguration>;
