import type { PlacementNews, PlacementReporter } from "@tandem/b2bua";
import type { BackboneKey } from "@tandem/contracts";
import { HeaderFields } from "@tandem/sip/message";
import { replyResult, writeBackboneReply } from "./backbone-reply.ts";
import type { BackboneRequest } from "./backbone-request.ts";
import { backboneHeaderField, reasonHeaderField, sign } from "./backbone-signature.ts";
import { writeReasonValue } from "./reason-value.ts";
import { replyParts } from "./signed-parts.ts";

export interface BackboneReporterOptions {
  readonly asked: BackboneRequest;
  /** Call-ID of the request. */
  readonly callId: string;
  /** That of the request: whoever asked has it. */
  readonly key: BackboneKey;
  /** Name of this gateway. */
  readonly gateway: string;
  readonly edge: string;
  /** URL of the candidate; undefined: it is not known here. */
  readonly url: string | undefined;
}

/** Writes what the gateway that asked is told in each response: where the attempt is, how it ended, signed. */
export class BackboneReporter implements PlacementReporter {
  readonly #options: BackboneReporterOptions;

  constructor(options: BackboneReporterOptions) {
    this.#options = options;
  }

  headerFields(news: PlacementNews): HeaderFields {
    const { callId, key } = this.#options;
    const { statusCode, body } = news;
    const reasonValue = reasonValueOf(news);
    const fields = new HeaderFields();
    if (reasonValue !== "") fields.append(reasonHeaderField, reasonValue);
    const parts = replyParts({ callId, statusCode, reasonValue, body });
    return fields.append(backboneHeaderField, sign(key, this.#value(news), parts));
  }

  #value({ attempt, verdict, retryAfterSeconds }: PlacementNews): string {
    const { asked, key, gateway, edge, url } = this.#options;
    const path = attempt?.path;
    return writeBackboneReply({
      keyId: key.id,
      from: gateway,
      to: asked.from,
      nonce: asked.nonce,
      result: replyResult(verdict),
      edge,
      interfaceName: path?.interfaceName,
      connection: path?.connection,
      remote: attempt?.remote,
      redirectedTo: attempt?.url === url ? undefined : attempt?.url,
      retryAfterSeconds,
    });
  }
}

/** "" when the response itself says everything. */
function reasonValueOf({ verdict, reason, text }: PlacementNews): string {
  const isFarResponse = verdict?.kind === "ended" && verdict.result.kind === "response" && text === undefined;
  return reason === undefined || isFarResponse ? "" : writeReasonValue(reason, text ?? reason.text);
}
