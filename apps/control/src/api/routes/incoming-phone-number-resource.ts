import type { IncomingPhoneNumberRow } from "@tandem/database";
import Type, { type Static } from "typebox";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { Nullable, OneOf } from "../conventions/parameters.ts";
import { Settings, settingsOf } from "./phone-number-settings.ts";

const Nothing = Nullable(Type.String());

/** Properties that the v1 and the 2010-04-01 form share. */
export const sharedProperties = {
  sid: Type.String(),
  account_sid: Type.String(),
  phone_number: Type.String(),
  friendly_name: Type.String(),
  trunk_sid: Nothing,
  api_version: Type.String(),
  address_requirements: OneOf(["none", "any", "local", "foreign"]),
  beta: Type.Boolean(),
  capabilities: Type.Object({
    voice: Type.Boolean(),
    fax: Type.Boolean(),
    sms: Type.Boolean(),
    mms: Type.Boolean(),
  }),
  date_created: Type.String(),
  date_updated: Type.String(),
  ...Settings.properties,
};

export const IncomingPhoneNumber = Type.Object({
  ...sharedProperties,
  address_sid: Nothing,
  bundle_sid: Nothing,
  identity_sid: Nothing,
  emergency_address_sid: Nothing,
  emergency_address_status: OneOf(["unregistered"]),
  emergency_status: OneOf(["Inactive"]),
  origin: Type.String(),
  status: Type.String(),
  type: Nothing,
  uri: Type.String(),
  voice_receive_mode: OneOf(["voice", "fax"]),
});

/** What the two forms share; dates are written by each. */
export function presentShared(row: IncomingPhoneNumberRow, date: (date: Date) => string) {
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    phone_number: row.phone_number,
    friendly_name: row.friendly_name,
    trunk_sid: row.trunk_sid,
    api_version: "2010-04-01",
    address_requirements: "none" as const,
    beta: false,
    capabilities: { voice: true, fax: row.voice_receive_mode === "fax", sms: false, mms: false },
    date_created: date(row.date_created),
    date_updated: date(row.date_updated),
    ...settingsOf(row.settings),
  };
}

/** The number as 2010-04-01 shows it. */
export function presentIncomingPhoneNumber(row: IncomingPhoneNumberRow): Static<typeof IncomingPhoneNumber> {
  return {
    ...presentShared(row, rfc2822),
    address_sid: null,
    bundle_sid: null,
    identity_sid: null,
    emergency_address_sid: null,
    emergency_address_status: "unregistered",
    emergency_status: "Inactive",
    origin: "tandem",
    status: "in-use",
    type: null,
    uri: `${accountUri(row.account_sid)}/IncomingPhoneNumbers/${row.sid}.json`,
    voice_receive_mode: row.voice_receive_mode,
  };
}
