import {
  createSid,
  deleteCarrier,
  findCarrier,
  insertCarrier,
  listCarriers,
  lockCarrier,
  updateCarrier,
} from "@tandem/database";
import Type from "typebox";
import { purposes, type SecretBox } from "../../secrets/index.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { carrierValuesOf } from "../rules/carrier-values.ts";
import { Carrier, CarrierParameters, presentCarrier } from "./carrier-resource.ts";

const CreateParameters = Type.Object({
  ...CarrierParameters.properties,
  FriendlyName: Type.String({ minLength: 1, maxLength: 64 }),
});

const params = PathSids({ Sid: "KR" });
const tags = ["carriers"];

/** Carriers; all of it is the operator's. */
export const carrierRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addCreate(scope, context);
  addItemWrites(scope, context);
};

function addReads(scope: RouteScope, context: RouteContext): void {
  const { database, publicUrl } = context;

  scope.get(
    "/Carriers",
    {
      schema: {
        operationId: "ListCarrier",
        tags,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("carriers", Carrier)),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const wanted = pageRequestOf(request);
      const page = await listCarriers(database, wanted.window);
      return pageV1(publicUrl, "carriers", wanted, page, (row) => presentCarrier(row, publicUrl));
    },
  );

  scope.get(
    "/Carriers/:Sid",
    { schema: { operationId: "FetchCarrier", tags, params, response: answers(200, Carrier) } },
    async (request) => {
      requireOperator(request.caller);
      return presentCarrier(found(await findCarrier(database, request.params.Sid)), publicUrl);
    },
  );
}

function addCreate(scope: RouteScope, context: RouteContext): void {
  const { publicUrl, box } = context;

  scope.post(
    "/Carriers",
    {
      schema: {
        operationId: "CreateCarrier",
        tags,
        body: CreateParameters,
        response: answers(201, Carrier),
      },
    },
    async (request, reply) => {
      requireOperator(request.caller);
      const { body } = request;
      const sid = createSid("KR");
      const values = carrierValuesOf(body, undefined, (password) => sealed(box, sid, password));
      const row = await context.change((transaction) =>
        insertCarrier(transaction, sid, { ...values, friendly_name: body.FriendlyName }),
      );
      reply.code(201);
      return presentCarrier(row, publicUrl);
    },
  );
}

function addItemWrites(scope: RouteScope, context: RouteContext): void {
  const { publicUrl, box } = context;

  scope.post(
    "/Carriers/:Sid",
    {
      schema: {
        operationId: "UpdateCarrier",
        tags,
        params,
        body: CarrierParameters,
        response: answers(200, Carrier),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const { Sid } = request.params;
      const row = await context.change(async (transaction) => {
        const current = found(await lockCarrier(transaction, Sid));
        const values = carrierValuesOf(request.body, current, (password) => sealed(box, Sid, password));
        return found(await updateCarrier(transaction, Sid, values));
      });
      return presentCarrier(row, publicUrl);
    },
  );

  scope.delete(
    "/Carriers/:Sid",
    { schema: { operationId: "DeleteCarrier", tags, params, response: answersNothing } },
    async (request, reply) => {
      requireOperator(request.caller);
      await context.change(async (transaction) => {
        if (!(await deleteCarrier(transaction, request.params.Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
}

function sealed(box: SecretBox, sid: string, password: string): Uint8Array {
  return box.seal(password, purposes.carrierPassword(sid));
}
