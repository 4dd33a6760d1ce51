import { type PemLimits, parseCertificates } from "@tandem/certificates";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { Nullable } from "../conventions/parameters.ts";

/** Authorities of one trunk or carrier. The whole body of a request has 65,536 bytes. */
export const tlsPeerAuthorityLimits: PemLimits = { certificates: 8, characters: 32_768 };
/** Names of one trunk or carrier. */
export const maximumTlsPeerNames = 16;

/** Parameters of trunks and carriers alike. */
export const tlsPeerParameters = {
  TlsPeerAuthorities: Nullable(
    Type.String({
      description:
        "PEM of at most 8 certificates, of which one has issued the certificate that the peer must show; empty: none is demanded.",
    }),
  ),
  TlsPeerNames: Nullable(
    Type.String({
      maxLength: 4096,
      description:
        "Domains with a comma between, of which the certificate must have one (RFC 5922); empty: any.",
    }),
  ),
};
const TlsPeerParameters = Type.Partial(Type.Object(tlsPeerParameters));

interface TlsPeerColumns {
  readonly tls_peer_authorities: string | null;
  readonly tls_peer_names: readonly string[];
}

/** A host name (RFC 1123 §2.1) of two labels or more: a certificate for one label is for no domain. */
const namePattern =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Columns from the parameters of a create (`current` undefined) or an update. Throws 400 when the PEM or a name is no good,
 * or there are names and nobody whose certificates they stand in.
 */
export function tlsPeerValuesOf(
  body: Static<typeof TlsPeerParameters>,
  current: TlsPeerColumns | undefined,
): Partial<TlsPeerColumns> {
  const { TlsPeerAuthorities, TlsPeerNames } = body;
  if (TlsPeerAuthorities === undefined && TlsPeerNames === undefined) return {};
  const authorities =
    TlsPeerAuthorities === undefined
      ? (current?.tls_peer_authorities ?? null)
      : authoritiesOf(TlsPeerAuthorities);
  const names = namesOf(TlsPeerNames, authorities, current);
  if (authorities === null && names.length > 0) {
    refuse("TlsPeerNames needs TlsPeerAuthorities: a name in a certificate of anybody says nothing.");
  }
  return { tls_peer_authorities: authorities, tls_peer_names: names };
}

function authoritiesOf(text: string | null): string | null {
  if (text === null) return null;
  const parsed = parseCertificates(text, tlsPeerAuthorityLimits);
  if (!parsed.ok) return refuse(`TlsPeerAuthorities: ${parsed.error}.`);
  return text.trim();
}

/** Without authorities the names that were there go too. */
function namesOf(
  text: string | null | undefined,
  authorities: string | null,
  current: TlsPeerColumns | undefined,
): readonly string[] {
  if (text === undefined) return authorities === null ? [] : (current?.tls_peer_names ?? []);
  const names = (text ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase().replace(/\.$/, ""))
    .filter((name) => name !== "");
  if (names.length > maximumTlsPeerNames) refuse(`TlsPeerNames has more than ${maximumTlsPeerNames} names.`);
  const wrong = names.find((name) => !namePattern.test(name));
  if (wrong !== undefined)
    refuse(`TlsPeerNames: ${wrong} is no domain; wildcards match nothing (RFC 5922 §7.2).`);
  return [...new Set(names)];
}

function refuse(particulars: string): never {
  throw new ApiError("invalidParameter", particulars);
}
