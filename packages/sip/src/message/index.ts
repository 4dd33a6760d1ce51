/** SIP messages (RFC 3261 §7, §20, §25): parsing, validation, construction, serialization, framing. Pure; nothing throws but serialize. */

export { type Parameter, Parameters, quote, unquote } from "../uri/parameters.ts";
export type { Parsed, SipSyntaxError } from "../uri/parsed.ts";
export { type ContentDisposition, parseContentDisposition } from "./content-disposition.ts";
export { type ContentType, parseContentType } from "./content-type.ts";
export {
  createResponse,
  type OverloadReporter,
  type PacketSource,
  type ResponseOptions,
  viaWithSource,
} from "./create-response.ts";
export { type Cseq, maximumSequenceNumber, parseCseq } from "./cseq.ts";
export { type Diversion, type DiversionParts, parseDiversion, serializeDiversion } from "./diversion.ts";
export { parseExpires } from "./expires.ts";
export { canonicalName, headerFieldId, unknownHeaderField } from "./header-field-name.ts";
export { type HeaderFieldRow, HeaderFields } from "./header-fields.ts";
export { splitList } from "./header-parameters.ts";
export { defaultMaxBreadth, maxBreadthOf } from "./max-breadth.ts";
export { Message } from "./message.ts";
export { messageLimits } from "./message-limits.ts";
export { parseMinSe } from "./min-se.ts";
export { type BodyPart, bodyParts } from "./multipart.ts";
export { type NameAddr, parseNameAddr } from "./name-addr.ts";
export { hasOptionTag, type OptionTagField, optionTagsOf, unsupportedOptionTags } from "./option-tags.ts";
export { OutgoingRequest, OutgoingResponse } from "./outgoing-message.ts";
export {
  announcesOverloadControl,
  compareSequences,
  lossAnnouncement,
  type OverloadFeedback,
  type OverloadSequence,
  overloadFeedbackIn,
} from "./overload-control.ts";
export { ownText } from "./own-text.ts";
export { type PAssertedIdentity, pAssertedIdentityOf } from "./p-asserted-identity.ts";
export { parseMessage } from "./parse-message.ts";
export { parsePrivacy } from "./privacy.ts";
export { maximumResponseNumber, parseRAck, parseRSeq, type RAck } from "./rack.ts";
export { parseReason, type ReasonValue, reasonsOf, serializeReason } from "./reason.ts";
export { reasonPhraseOf } from "./reason-phrase.ts";
export { callingPartyOf, parseRemotePartyId, type RemotePartyId } from "./remote-party-id.ts";
export { parseReplaces, type Replaces } from "./replaces.ts";
export { parseRetryAfter, type RetryAfter } from "./retry-after.ts";
export { serialize, UnserializableMessageError } from "./serialize.ts";
export { parseSessionExpires, type SessionExpires } from "./session-expires.ts";
export { type SipMessage, SipRequest, SipResponse } from "./sip-message.ts";
export { isFinal, isProvisional, isSuccess } from "./status-class.ts";
export { type FramerEvent, type FramerLimits, StreamFramer } from "./stream-framer.ts";
export { magicCookie, type RequestFault, validateRequest } from "./validate-request.ts";
export { validateResponse } from "./validate-response.ts";
export { parseVia, type Via } from "./via.ts";
