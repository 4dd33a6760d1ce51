import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** A trunk or carrier that has authorities takes calls only on connections with a certificate of them. */
export function clientCertificate(call: CallContext, services: StageServices): Verdict {
  const { flow, isDryRun } = call;
  const wanted = call.direction === "origination" ? call.carrier?.tlsPeer : call.trunk?.tlsPeer;
  if (wanted === undefined) return pass("no certificate is demanded");
  const whose = call.direction === "origination" ? "carrier" : "trunk";
  if (!flow.isSecure) {
    const text = `${flow.protocol}, and the ${whose} demands a certificate`;
    return refuse(reasons.clientCertificateRequired, text);
  }
  if (isDryRun) return pass("TLS; a dry run takes the right certificate for granted");
  const shown = services.clientCertificates.shownOn(flow, wanted);
  if (shown === "none") {
    return refuse(
      reasons.clientCertificateRequired,
      `the ${whose} demands a certificate, and the connection has shown none`,
    );
  }
  if (shown !== "good") return refuse(reasons.clientCertificateRefused, shown.fault);
  return pass("the connection has shown a certificate that is good");
}
