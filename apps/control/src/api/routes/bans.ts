import { isIP } from "node:net";
import type { CommandResult, GatewayCommand } from "@tandem/contracts";
import Type from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { answers, answersNothing } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import type { GatewaySource } from "./gateways.ts";

const Ban = Type.Object({
  gateway: Type.String(),
  interface: Type.String({ description: "Of the gateway." }),
  address: Type.String(),
  cause: Type.String({ description: "scanner, stranger or wrong-credentials" }),
  verified: Type.Boolean({ description: "The address has answered, over TCP or TLS." }),
  ends_at: Type.String({ description: "By itself." }),
});

const tags = ["bans"];

/** Sources that gateways do not hear for a while; the operator's. They live in the gateways: the list has one page. */
export function banRoutes(source: GatewaySource): Routes {
  const askAll = async (command: GatewayCommand): Promise<readonly (readonly [string, CommandResult])[]> =>
    Promise.all(
      source.gateways().map(async ({ name }) => [name, await source.command(name, command)] as const),
    );

  return (scope, context) => {
    scope.get(
      "/Bans",
      {
        schema: {
          operationId: "ListBan",
          tags,
          response: answers(
            200,
            Type.Object({
              bans: Type.Array(Ban),
              missing: Type.Array(Type.String(), { description: "Gateways that did not answer." }),
            }),
          ),
        },
      },
      async (request) => {
        requireOperator(request.caller);
        const now = context.clock.wallMs();
        const results = await askAll({ name: "bans" });
        const bans = results.flatMap(([gateway, result]) =>
          result.ok && result.name === "bans" ? result.bans.map((ban) => ({ gateway, ...ban })) : [],
        );
        return {
          bans: bans.map(({ secondsLeft, ...ban }) => ({
            ...ban,
            ends_at: iso8601(new Date(now + secondsLeft * 1000)),
          })),
          missing: results.flatMap(([gateway, result]) => (result.ok ? [] : [gateway])),
        };
      },
    );

    scope.delete(
      "/Bans/:Address",
      {
        schema: {
          operationId: "LiftBan",
          tags,
          params: Type.Object({ Address: Type.String() }),
          response: answersNothing,
        },
      },
      async (request, reply) => {
        requireOperator(request.caller);
        const { Address: address } = request.params;
        if (isIP(address) === 0) throw new ApiError("notFound", `${address} is no address.`);
        const results = await askAll({ name: "lift-ban", address });
        const lifted = results.some(
          ([, result]) => result.ok && result.name === "lift-ban" && result.lifted > 0,
        );
        if (!lifted) throw new ApiError("notFound", `No gateway has banned ${address}.`);
        await context.recordCommand();
        return reply.code(204).send();
      },
    );
  };
}
