import type { CommandResult, GatewayCommand, TargetHealth } from "@tandem/contracts";
import { listGateways } from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { answers, Nullable } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";

/** Gateways that are connected now; the hub of the gateway stream is one. */
export interface GatewaySource {
  gateways(): readonly {
    readonly name: string;
    readonly liveCalls: number;
    readonly isDraining: boolean;
    readonly snapshotVersion: number;
    readonly targets: readonly TargetHealth[];
  }[];
  command(gateway: string, command: GatewayCommand): Promise<CommandResult>;
}

const Gateway = Type.Object({
  name: Type.String(),
  edge: Nullable(Type.String()),
  connected: Type.Boolean({ description: "To the control that answers." }),
  snapshot_version: Type.Integer({ description: "What it routes by." }),
  live_calls: Nullable(Type.Integer()),
  draining: Nullable(Type.Boolean()),
  last_seen: Nullable(Type.String()),
  targets: Type.Array(
    Type.Object({
      sid: Type.String(),
      interface: Type.String(),
      connection: Nullable(Type.String()),
      state: Type.String(),
      reason: Nullable(Type.String()),
    }),
  ),
});

const DrainParameters = Type.Object({
  ExitWhenIdle: Type.Optional(Type.Boolean({ description: "Ends the process when its last call has gone." })),
});

const tags = ["gateways"];

/** Gateways and the health of what they call; the operator's. There are few: the list has one page. */
export function gatewayRoutes(source: GatewaySource): Routes {
  return (scope, context) => {
    scope.get(
      "/Gateways",
      {
        schema: {
          operationId: "ListGateway",
          tags,
          response: answers(200, Type.Object({ gateways: Type.Array(Gateway) })),
        },
      },
      async (request) => {
        requireOperator(request.caller);
        const connected = new Map(source.gateways().map((gateway) => [gateway.name, gateway]));
        const rows = await listGateways(context.database);
        return {
          gateways: rows.map((row): Static<typeof Gateway> => {
            const now = connected.get(row.name);
            return {
              name: row.name,
              edge: row.edge,
              connected: now !== undefined,
              snapshot_version: now?.snapshotVersion ?? row.snapshot_version,
              live_calls: now?.liveCalls ?? null,
              draining: now?.isDraining ?? null,
              last_seen: row.last_seen === null ? null : iso8601(row.last_seen),
              targets: [...(now?.targets ?? [])],
            };
          }),
        };
      },
    );

    scope.post(
      "/Gateways/:Name/Drain",
      {
        schema: {
          operationId: "DrainGateway",
          tags,
          params: Type.Object({ Name: Type.String() }),
          body: DrainParameters,
          response: answers(200, Type.Object({ name: Type.String(), draining: Type.Boolean() })),
        },
      },
      async (request) => {
        requireOperator(request.caller);
        const { Name: name } = request.params;
        const exitWhenIdle = request.body.ExitWhenIdle ?? false;
        const result = await source.command(name, { name: "drain", exitWhenIdle });
        if (!result.ok) throw new ApiError("gatewayUnreachable", `${result.error}.`);
        await context.recordCommand();
        return { name, draining: true };
      },
    );
  };
}
