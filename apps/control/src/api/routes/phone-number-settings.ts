/**
 * Parameters of the compatible API that Tandem keeps and shows but does not act on: calls to a number go to its trunk,
 * and there are no messages.
 */
import Type, { type Static } from "typebox";
import { HttpMethod, Nullable, SidText, WebUrl } from "../conventions/parameters.ts";

export const SettingParameters = Type.Partial(
  Type.Object({
    VoiceUrl: Nullable(WebUrl),
    VoiceMethod: HttpMethod,
    VoiceFallbackUrl: Nullable(WebUrl),
    VoiceFallbackMethod: HttpMethod,
    VoiceApplicationSid: Nullable(SidText("AP")),
    VoiceCallerIdLookup: Type.Boolean(),
    SmsUrl: Nullable(WebUrl),
    SmsMethod: HttpMethod,
    SmsFallbackUrl: Nullable(WebUrl),
    SmsFallbackMethod: HttpMethod,
    SmsApplicationSid: Nullable(SidText("AP")),
    StatusCallback: Nullable(WebUrl),
    StatusCallbackMethod: HttpMethod,
  }),
);

const Text = Nullable(Type.String());

/** As the resource shows them. */
export const Settings = Type.Object({
  voice_url: Text,
  voice_method: HttpMethod,
  voice_fallback_url: Text,
  voice_fallback_method: HttpMethod,
  voice_application_sid: Text,
  voice_caller_id_lookup: Type.Boolean(),
  sms_url: Text,
  sms_method: HttpMethod,
  sms_fallback_url: Text,
  sms_fallback_method: HttpMethod,
  sms_application_sid: Text,
  status_callback: Text,
  status_callback_method: HttpMethod,
});
export type Settings = Static<typeof Settings>;

const defaults: Settings = {
  voice_url: null,
  voice_method: "POST",
  voice_fallback_url: null,
  voice_fallback_method: "POST",
  voice_application_sid: null,
  voice_caller_id_lookup: false,
  sms_url: null,
  sms_method: "POST",
  sms_fallback_url: null,
  sms_fallback_method: "POST",
  sms_application_sid: null,
  status_callback: null,
  status_callback_method: "POST",
};

/** What is stored, over the defaults. */
export function settingsOf(stored: object): Settings {
  return { ...defaults, ...stored };
}

/** The stored settings with the given parameters changed. */
export function changedSettings(
  stored: Readonly<Record<string, string | boolean | null>>,
  parameters: Static<typeof SettingParameters>,
): Readonly<Record<string, string | boolean | null>> {
  const changed = { ...stored };
  for (const name of Object.keys(SettingParameters.properties) as (keyof typeof parameters)[]) {
    const value = parameters[name];
    if (value !== undefined) changed[jsonName(name)] = value;
  }
  return changed;
}

/** `VoiceFallbackUrl` → `voice_fallback_url`. */
function jsonName(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, "_$&").toLowerCase();
}
