import {
  createSid,
  deleteIncomingPhoneNumber,
  findIncomingPhoneNumber,
  findTrunk,
  type IncomingPhoneNumberRow,
  insertIncomingPhoneNumber,
  listIncomingPhoneNumbers,
  lockIncomingPhoneNumber,
  type Queryable,
  updateIncomingPhoneNumber,
} from "@tandem/database";
import { parseE164 } from "@tandem/numbering";
import Type, { type Static } from "typebox";
import { reachableAccount } from "../conventions/account-scope.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { type Caller, requireOperator } from "../conventions/authentication.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, answersNothing, Nullable, OneOf, PathSids, SidText } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { refusing } from "../rules/constraints.ts";
import { IncomingPhoneNumber, presentIncomingPhoneNumber } from "./incoming-phone-number-resource.ts";
import { changedSettings, SettingParameters } from "./phone-number-settings.ts";

const shared = {
  FriendlyName: Type.Optional(Type.String({ maxLength: nameLengths.phoneNumber })),
  TrunkSid: Type.Optional(Nullable(SidText("TK"))),
  VoiceReceiveMode: Type.Optional(OneOf(["voice", "fax"])),
  ...SettingParameters.properties,
};
const CreateParameters = Type.Object({ PhoneNumber: Type.String(), ...shared });
const UpdateParameters = Type.Object({
  AccountSid: Type.Optional(
    Type.String({
      ...SidText("AC"),
      description: "Moves the number to another account that the caller may act for.",
    }),
  ),
  ...shared,
});

const path = "/Accounts/:AccountSid/IncomingPhoneNumbers";
const params = PathSids({ AccountSid: "AC" });
const itemParams = PathSids({ AccountSid: "AC", Sid: "PN" });
const tags = ["incoming-phone-numbers"];
const violations = {
  incoming_phone_numbers_once: "phoneNumberTaken",
  // The trunk was deleted between our look and our write.
  incoming_phone_numbers_trunk: "conflict",
} as const;

/** The numbers of an account. Creating one imports it into the exchange, which is the operator's business. */
export const incomingPhoneNumberRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  const query = {
    FriendlyName: Type.Optional(Type.String()),
    PhoneNumber: Type.Optional(Type.String({ description: "Part of a number; * stands for any digit." })),
    TrunkSid: Type.Optional(SidText("TK")),
    ...pageParameters,
  };
  scope.get(
    `${path}.json`,
    {
      schema: {
        operationId: "ListIncomingPhoneNumber",
        tags,
        params,
        querystring: Type.Object(query),
        response: answers(200, List2010("incoming_phone_numbers", IncomingPhoneNumber)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { FriendlyName, PhoneNumber, TrunkSid } = request.query;
      const filters = {
        friendlyName: FriendlyName,
        phoneNumberPattern: patternOf(PhoneNumber),
        trunkSid: TrunkSid,
      };
      const page = await listIncomingPhoneNumbers(
        context.database,
        request.accountSid,
        filters,
        wanted.window,
      );
      return page2010("incoming_phone_numbers", wanted, page, presentIncomingPhoneNumber);
    },
  );

  scope.get(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "FetchIncomingPhoneNumber",
        tags,
        params: itemParams,
        response: answers(200, IncomingPhoneNumber),
      },
    },
    async (request) =>
      presentIncomingPhoneNumber(
        found(await findIncomingPhoneNumber(context.database, request.accountSid, request.params.Sid)),
      ),
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    `${path}.json`,
    {
      schema: {
        operationId: "CreateIncomingPhoneNumber",
        tags,
        params,
        body: CreateParameters,
        response: answers(201, IncomingPhoneNumber),
      },
    },
    async (request, reply) => {
      requireOperator(request.caller);
      const row = await create(context, request.accountSid, request.body);
      reply.code(201);
      return presentIncomingPhoneNumber(row);
    },
  );

  scope.post(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "UpdateIncomingPhoneNumber",
        tags,
        params: itemParams,
        body: UpdateParameters,
        response: answers(200, IncomingPhoneNumber),
      },
    },
    async (request) => {
      const { caller, accountSid, body } = request;
      return presentIncomingPhoneNumber(await change(context, caller, accountSid, request.params.Sid, body));
    },
  );

  scope.delete(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "DeleteIncomingPhoneNumber",
        tags,
        params: itemParams,
        response: answersNothing,
      },
    },
    async (request, reply) => {
      await context.change(async (transaction) => {
        const isDeleted = await deleteIncomingPhoneNumber(
          transaction,
          request.accountSid,
          request.params.Sid,
        );
        if (!isDeleted) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

/** `+1415` is the number's beginning, `415` any part of it, `*` one digit. */
function patternOf(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\+?[\d*]{1,15}$/.test(text)) {
    throw new ApiError("invalidParameter", "PhoneNumber may hold digits, * and a leading + only.");
  }
  const digits = text.replaceAll("*", "_");
  return text.startsWith("+") ? `${digits}%` : `%${digits}%`;
}

function create(
  context: RouteContext,
  accountSid: string,
  body: Static<typeof CreateParameters>,
): Promise<IncomingPhoneNumberRow> {
  return context.change(async (transaction) => {
    const phoneNumber = parseE164(body.PhoneNumber);
    if (phoneNumber === undefined) throw new ApiError("invalidPhoneNumber");
    const identity = { sid: createSid("PN"), phone_number: phoneNumber };
    const values = {
      account_sid: accountSid,
      friendly_name: body.FriendlyName ?? phoneNumber,
      voice_receive_mode: body.VoiceReceiveMode ?? ("voice" as const),
      ...(await destinationOf(transaction, accountSid, body, undefined)),
    };
    return refusing(violations, () => insertIncomingPhoneNumber(transaction, identity, values));
  });
}

function change(
  context: RouteContext,
  caller: Caller,
  accountSid: string,
  sid: string,
  body: Static<typeof UpdateParameters>,
): Promise<IncomingPhoneNumberRow> {
  return context.change(async (transaction) => {
    const row = found(await lockIncomingPhoneNumber(transaction, accountSid, sid));
    const owner = body.AccountSid ?? accountSid;
    const isMoved = owner !== accountSid;
    if (isMoved) await reachableAccount(transaction, caller, owner);
    // A number leaves its trunk behind when it goes to another account.
    const current = isMoved ? { ...row, trunk_sid: null } : row;
    const destination = await destinationOf(transaction, owner, body, current);
    return refusing(violations, () =>
      updateIncomingPhoneNumber(transaction, sid, {
        account_sid: owner,
        friendly_name: body.FriendlyName,
        voice_receive_mode: body.VoiceReceiveMode,
        ...destination,
      }),
    );
  });
}

type Destination = Pick<IncomingPhoneNumberRow, "trunk_sid" | "settings">;

/** Where calls go: a trunk or a voice application, never both. Setting one removes the other. */
async function destinationOf(
  database: Queryable,
  accountSid: string,
  body: Pick<Static<typeof UpdateParameters>, "TrunkSid" | keyof typeof SettingParameters.properties>,
  current: Destination | undefined,
): Promise<Destination> {
  const { TrunkSid, VoiceApplicationSid } = body;
  if (isGiven(TrunkSid) && isGiven(VoiceApplicationSid)) {
    throw new ApiError("validationFailed", "TrunkSid and VoiceApplicationSid exclude each other.");
  }
  if (isGiven(TrunkSid) && (await findTrunk(database, accountSid, TrunkSid)) === undefined) {
    throw new ApiError("invalidParameter", "TrunkSid is no trunk of the account.");
  }
  const settings = changedSettings(current?.settings ?? {}, body);
  const kept = TrunkSid === undefined ? (current?.trunk_sid ?? null) : TrunkSid;
  const trunkSid = isGiven(VoiceApplicationSid) ? null : kept;
  return {
    trunk_sid: trunkSid,
    settings: isGiven(TrunkSid) ? { ...settings, voice_application_sid: null } : settings,
  };
}

function isGiven(value: string | null | undefined): value is string {
  return typeof value === "string";
}
