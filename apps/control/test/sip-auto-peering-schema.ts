/**
 * The tree of `ietf-sip-auto-peering` (RFC 10006) written by hand as a schema, independent of what makes the document.
 * Strict: a name that the tree does not have, or a list that is longer than it may be, is a fault.
 */
import { validator } from "@tandem/contracts";
import Type, { type TProperties } from "typebox";

/** Every node is optional unless the tree says otherwise; empty lists are not encoded. */
const node = <P extends TProperties>(members: P) => Type.Object(members, { additionalProperties: false });
const maybe = Type.Optional;
const identity = (...names: string[]) => Type.Enum(names.map((name) => `ietf-sip-auto-peering:${name}`));
const integer = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
const uint8 = integer(0, 255);
const uint16 = integer(0, 65_535);
const uri = Type.String({ pattern: "^[a-z][a-z0-9+.-]*:[^ ]+$" });
const ipAddress = Type.String({ pattern: "^([0-9.]{7,15}|[0-9a-f:.]{2,45})$" });
const entity = node({ host: Type.String({ minLength: 1, maxLength: 253 }), port: uint16 });
const list = Type.Array;

const methods = [
  "invite",
  "ack",
  "bye",
  "cancel",
  "register",
  "options",
  "prack",
  "subscribe",
  "notify",
  "publish",
  "info",
  "refer",
  "message",
  "update",
];

const transportInfo = node({
  transport: list(identity("udp", "tcp"), { minItems: 1, uniqueItems: true }),
  registrar: maybe(list(entity, { minItems: 1, maxItems: 3 })),
  realm: maybe(
    list(node({ name: Type.String(), username: maybe(Type.String()), password: maybe(Type.String()) }), {
      minItems: 1,
    }),
  ),
  "call-control": maybe(list(entity, { minItems: 1, maxItems: 3, uniqueItems: true })),
  "dns-server": maybe(list(ipAddress, { minItems: 1, maxItems: 2 })),
  "outbound-proxy": maybe(list(entity, { minItems: 1 })),
});

const numberRange = Type.Union([
  node({
    index: uint16,
    type: Type.Enum(["range", "collection"]),
    count: integer(1, 65_535),
    value: list(Type.String()),
  }),
  // `count` MUST NOT be there.
  node({ index: uint16, type: Type.Literal("reference"), value: list(uri) }),
]);

const callSpec = node({
  "early-media": maybe(Type.Boolean()),
  "signaling-forking": maybe(Type.Boolean()),
  "supported-method": maybe(list(Type.Enum(methods), { minItems: 1, uniqueItems: true })),
  "caller-id": maybe(
    node({
      "e164-format": maybe(Type.Boolean()),
      "preferred-method": maybe(Type.Enum(["p-asserted-identity", "from"])),
    }),
  ),
  "number-range": maybe(list(numberRange, { minItems: 1 })),
});

const media = node({
  "media-type-audio": maybe(
    list(
      node({
        "media-format": identity("pcmu", "pcma", "opus", "g722", "g729"),
        rate: maybe(uint16),
        ptime: maybe(uint8),
        parameter: maybe(Type.String()),
      }),
      { minItems: 1 },
    ),
  ),
  fax: maybe(node({ protocol: list(Type.Enum(["pass-through", "t38"]), { minItems: 1, maxItems: 2 }) })),
  rtp: maybe(node({ "rtp-trigger": maybe(Type.Boolean()), "symmetric-rtp": maybe(Type.Boolean()) })),
  rtcp: maybe(node({ "symmetric-rtcp": maybe(Type.Boolean()), "rtcp-feedback": maybe(Type.Boolean()) })),
});

/** `version` only with `secure`. Identities of another module carry its name (RFC 7951 §6.8). */
const signalingSecurity = Type.Union([
  node({
    secure: Type.Literal(true),
    version: maybe(list(Type.Enum(["ietf-tls-common:tls12", "ietf-tls-common:tls13"]), { minItems: 1 })),
  }),
  node({ secure: Type.Literal(false) }),
]);

const security = node({
  signaling: maybe(signalingSecurity),
  "media-security": maybe(
    node({ "key-management": list(Type.Enum(["sdes", "dtls-srtp"]), { minItems: 1 }) }),
  ),
  "certificate-location": maybe(uri),
  "secure-telephony-identity": maybe(
    node({
      "stir-compliance": maybe(Type.Boolean()),
      "certificate-delegation": maybe(Type.Boolean()),
      "acme-directory": maybe(uri),
    }),
  ),
});

/** `docs/yang/tandem-sip-auto-peering.yang`. */
const ipRange = node({
  index: uint16,
  kind: Type.Enum(["signaling", "media"]),
  edge: list(Type.String(), { minItems: 1 }),
  network: Type.String({ pattern: "^[0-9a-f.:]+/\\d{1,3}$" }),
  transport: Type.Enum(["udp", "tcp", "tls"]),
  "first-port": uint16,
  "last-port": uint16,
  "client-first-port": maybe(uint16),
  "client-last-port": maybe(uint16),
});

const document = node({
  "ietf-sip-auto-peering:sip-auto-peering": node({
    variant: identity("v1-0"),
    revision: node({
      "not-before": Type.String({
        pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$",
      }),
      location: uri,
    }),
    "transport-info": transportInfo,
    "call-spec": callSpec,
    media,
    dtmf: maybe(node({ "payload-number": maybe(integer(96, 127)), iteration: maybe(Type.Boolean()) })),
    security,
    extension: maybe(list(Type.String(), { minItems: 1 })),
    "tandem-sip-auto-peering:ip-range": maybe(list(ipRange)),
  }),
});

export const checkCapabilitySet = validator(document);
