import { reasonTable } from "./reason.ts";

/** What goes wrong between the gateways of one installation. */
export const backboneReasons = reasonTable({
  backboneRequestReplayed: {
    code: 90501,
    statusCode: 403,
    reasonPhrase: "Request Seen Before",
    q850Cause: 21,
    blame: "network",
    isRetryable: false,
    level: "error",
    text: "A signed request of a sister gateway came a second time. Somebody on the backbone repeats what it hears.",
  },
  backboneResponseUnverified: {
    code: 90502,
    statusCode: undefined,
    reasonPhrase: "",
    q850Cause: undefined,
    blame: "network",
    isRetryable: true,
    level: "error",
    text: "A response over the backbone had no signature of the sister gateway that was asked, or a wrong one. Compare the clocks and the snapshots of both.",
  },
  backboneCandidateUnknown: {
    code: 90503,
    statusCode: 404,
    reasonPhrase: "Candidate Not Here",
    q850Cause: 3,
    blame: "exchange",
    isRetryable: true,
    level: "warning",
    text: "A sister gateway was asked to place an attempt that its snapshot does not have, or has on another edge. Its snapshot is older or newer than that of the gateway where the call entered.",
  },
});
