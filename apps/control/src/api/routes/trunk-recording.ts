import { findTrunk, lockTrunk, type TrunkRow, updateTrunk } from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { answers, PathSids } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { RecordingMode, RecordingTrim } from "./trunk-resource.ts";

const Recording = Type.Object({ mode: RecordingMode, trim: RecordingTrim });
const params = PathSids({ TrunkSid: "TK" });
const tags = ["trunk-recording"];

/** Recording settings of a trunk: one per trunk, no SID. They are kept and shown; nothing is recorded yet. */
export const trunkRecordingRoutes: Routes = (scope, context) => {
  scope.get(
    "/Trunks/:TrunkSid/Recording",
    { schema: { operationId: "FetchRecording", tags, params, response: answers(200, Recording) } },
    async (request) =>
      present(found(await findTrunk(context.database, request.accountSid, request.params.TrunkSid))),
  );

  scope.post(
    "/Trunks/:TrunkSid/Recording",
    {
      schema: {
        operationId: "UpdateRecording",
        tags,
        params,
        body: Type.Partial(Type.Object({ Mode: RecordingMode, Trim: RecordingTrim })),
        response: answers(200, Recording),
      },
    },
    async (request) => {
      const { accountSid, body, params: sids } = request;
      const trunk = await context.change(async (transaction) => {
        if (!(await lockTrunk(transaction, accountSid, sids.TrunkSid))) throw new ApiError("notFound");
        await updateTrunk(transaction, sids.TrunkSid, {
          recording_mode: body.Mode,
          recording_trim: body.Trim,
        });
        return found(await findTrunk(transaction, accountSid, sids.TrunkSid));
      });
      return present(trunk);
    },
  );
};

function present(trunk: TrunkRow): Static<typeof Recording> {
  return { mode: trunk.recording_mode, trim: trunk.recording_trim };
}
