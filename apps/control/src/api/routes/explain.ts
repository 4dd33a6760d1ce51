import { type ExplainRequest, ExplainResult } from "@tandem/contracts";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { answers, OneOf } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";

/** Where the dry run happens; the hub of the gateway stream is one. */
export interface Explainer {
  explain(
    request: ExplainRequest,
    gateway?: string,
  ): Promise<
    | { readonly ok: true; readonly result: ExplainResult }
    | { readonly ok: false; readonly kind: "unreachable" | "failed"; readonly error: string }
  >;
}

const maximumInviteCharacters = 60_000;

/** Either `Invite`, or the facts `Direction`, `From` and `To`. */
const Parameters = Type.Object({
  SourceAddress: Type.String({
    minLength: 1,
    maxLength: 64,
    description: "Address the call would come from.",
  }),
  Invite: Type.Optional(
    Type.String({ maxLength: maximumInviteCharacters, description: "A SIP INVITE as text." }),
  ),
  Direction: Type.Optional(OneOf(["termination", "origination"])),
  From: Type.Optional(Type.String({ maxLength: 255 })),
  To: Type.Optional(Type.String({ maxLength: 255 })),
  Host: Type.Optional(Type.String({ maxLength: 255, description: "Host of the Request-URI." })),
  Username: Type.Optional(Type.String({ maxLength: 255, description: "Digest user taken to be right." })),
  Interface: Type.Optional(Type.String({ maxLength: 64 })),
  Transport: Type.Optional(OneOf(["UDP", "TCP", "TLS"])),
  Gateway: Type.Optional(
    Type.String({ maxLength: 64, description: "Default: the first that is connected." }),
  ),
});

/**
 * What a gateway would do with a call, without doing it. The answer is the contract's `ExplainResult`. Shows carriers,
 * so it is the operator's.
 */
export function explainRoutes(explainer: Explainer): Routes {
  return (scope) => {
    scope.post(
      "/Explain",
      {
        schema: {
          operationId: "CreateExplain",
          tags: ["explain"],
          body: Parameters,
          response: answers(200, ExplainResult),
        },
      },
      async (request) => {
        requireOperator(request.caller);
        const explained = await explainer.explain(questionOf(request.body), request.body.Gateway);
        if (explained.ok) return explained.result;
        if (explained.kind === "unreachable") throw new ApiError("gatewayUnreachable", `${explained.error}.`);
        throw new ApiError("validationFailed", `The gateway says: ${explained.error}.`);
      },
    );
  };
}

function questionOf(body: Static<typeof Parameters>): ExplainRequest {
  const place = {
    sourceAddress: body.SourceAddress,
    ...(body.Interface === undefined ? {} : { interface: body.Interface }),
    ...(body.Transport === undefined ? {} : { transport: body.Transport }),
  };
  if (body.Invite !== undefined) return { kind: "invite", text: body.Invite, ...place };
  const { Direction: direction, From: from, To: to } = body;
  if (direction === undefined || from === undefined || to === undefined) {
    throw new ApiError("invalidParameter", "Invite, or Direction, From and To, must be given.");
  }
  return {
    kind: "facts",
    direction,
    from,
    to,
    ...place,
    ...(body.Host === undefined ? {} : { host: body.Host }),
    ...(body.Username === undefined ? {} : { username: body.Username }),
  };
}
