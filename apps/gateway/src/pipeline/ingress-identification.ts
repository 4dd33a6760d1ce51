import { type AdmissionOptions, admit } from "../admission.ts";
import type { CallContext } from "./call-context.ts";

/**
 * Which trunk (Request-URI host), carrier or sister gateway (source) an INVITE belongs to. False: neither, and nobody is told.
 * Runs before the stages: it decides the direction, and so which list of stages follows.
 */
export function identifyIngress(call: CallContext, options: AdmissionOptions): boolean {
  const admission = admit(call.request, call.flow, call.table, options);
  if (admission.kind === "carrier") {
    call.direction = "origination";
    call.requestUri = admission.requestUri;
    call.carrier = call.table.carrierBySource(call.flow.remoteAddress)[0];
    return call.carrier !== undefined;
  }
  if (admission.kind === "sister") {
    call.backboneRequest = admission.request;
    return admission.request !== undefined;
  }
  if (admission.kind !== "trunk") return false;
  const { found } = admission;
  call.direction = "termination";
  call.requestUri = admission.requestUri;
  call.trunk = found.trunk;
  call.namedEdge = found.namedEdge;
  call.account = call.table.accountBySid(found.trunk.accountSid);
  return true;
}
