import type { SnapshotCarrier } from "@tandem/contracts";
import type { HeaderFields } from "@tandem/sip/message";
import type { CallContext } from "../pipeline/call-context.ts";
import { attestationOf, type CallAttestation } from "./attestation.ts";
import type { AuthenticationService } from "./authentication-service.ts";

/** Left out: this gateway has no key. */
type Authentication = Pick<AuthenticationService, "sign"> | undefined;

/**
 * Identity of the INVITE that a carrier gets, as the carrier wants it. The header fields hold the customer's own, as it came.
 * An emergency call goes as it is: no PASSporT of ours stands in its way.
 */
export function sayIdentity(
  headerFields: HeaderFields,
  call: CallContext,
  carrier: SnapshotCarrier | undefined,
  authentication: Authentication,
): void {
  const wanted = carrier?.identity ?? "pass";
  if (wanted === "none") {
    headerFields.delete("Identity");
    return;
  }
  // Most calls to most carriers: nothing to add, nothing that was found out.
  if (wanted === "pass" && call.verification === undefined && call.backboneRequest === undefined) return;
  const says = attestationOf(call);
  if (says?.isKept === true) call.stir.attestation = says.attestation;
  else if (wanted === "sign" && !call.isEmergency) replaceIdentity(headerFields, call, says, authentication);
}

/** What nobody here has verified is not passed on as if somebody had. */
function replaceIdentity(
  headerFields: HeaderFields,
  call: CallContext,
  says: CallAttestation | undefined,
  authentication: Authentication,
): void {
  headerFields.delete("Identity");
  if (says === undefined || authentication === undefined) return;
  const { callingNumber, calledNumber, knownTrunk } = call;
  const { accountSid } = knownTrunk;
  for (const value of authentication.sign({ accountSid, callingNumber, calledNumber }, says)) {
    headerFields.append("Identity", value);
    call.stir.attestation = says.attestation;
  }
}

/** What would become of it, for `explain`; "": it passes as it came. Nothing is signed. */
export function describeIdentity(
  call: CallContext,
  carrier: SnapshotCarrier | undefined,
  authentication: Authentication,
): string {
  if (call.direction !== "termination") return "";
  const wanted = carrier?.identity ?? "pass";
  if (wanted === "none") return ", without Identity";
  const says = attestationOf(call);
  if (says?.isKept === true) return `, with the customer's PASSporT: attestation ${says.attestation}`;
  if (wanted === "pass") return "";
  if (says === undefined) return ", not signed: a number is not E.164, or the call is for help";
  if (authentication === undefined) return ", not signed: this gateway has no stir.signing";
  const diverted = says.divertedBy === undefined ? "" : `, diverted by +${says.divertedBy}`;
  return `, signed with attestation ${says.attestation}${diverted}: ${says.why}`;
}
