import {
  firstMetaType,
  internetClass,
  optType,
  queryOpcode,
  queryTypes,
  responseCodes,
} from "../wire/codes.ts";
import type { Query, QueryHeader } from "../wire/query.ts";
import type { Response } from "../wire/response.ts";
import type { ZoneIndex } from "../zone/zone-index.ts";
import { lookUp, soaRecord, type ZoneLookupOptions } from "../zone/zone-lookup.ts";

/** What answers are made of at this moment. */
export interface ZoneState {
  readonly index: ZoneIndex;
  readonly options: ZoneLookupOptions;
}

const noRecords = { isAuthoritative: false, answers: [], authorities: [], additionals: [] } as const;
const supportedEdnsVersion = 0;

/** The answer to a question. `state` undefined: there has never been a zone. Pure. */
export function respond(query: Query, state: ZoneState | undefined): Response {
  const refusal = refusalOf(query);
  if (refusal !== undefined) return refused(query, refusal);
  if (state === undefined) return refused(query, responseCodes.SERVFAIL);
  const { index, options } = state;
  const { labels, type } = query.question;
  const node = index.find(labels);
  if (node.kind === "outside") return refused(query, responseCodes.REFUSED);
  if (node.kind === "missing") return negative(query, responseCodes.NXDOMAIN, state);
  const { answers, additionals } = lookUp(index, node, labels.join("."), type, options);
  if (answers.length === 0) return negative(query, responseCodes.NOERROR, state);
  return { ...base(query), responseCode: responseCodes.NOERROR, isAuthoritative: true, answers, additionals };
}

/** To a message that has a header and no sense. */
export function respondToMalformed(header: QueryHeader): Response {
  const responseCode = header.opcode === queryOpcode ? responseCodes.FORMERR : responseCodes.NOTIMP;
  return { ...header, ...noRecords, responseCode, question: undefined, edns: undefined };
}

/** Response code for what is never answered here, whatever the zone. */
function refusalOf({ opcode, edns, question }: Query): number | undefined {
  // UPDATE, NOTIFY and whatever else there is: this zone comes from control.
  if (opcode !== queryOpcode) return responseCodes.NOTIMP;
  if (edns !== undefined && edns.version !== supportedEdnsVersion) return responseCodes.BADVERS;
  if (question.type === optType || question.type === 0) return responseCodes.FORMERR;
  if (question.class !== internetClass) return responseCodes.REFUSED;
  // All trunks of all customers are nobody's business.
  if (question.type === queryTypes.AXFR || question.type === queryTypes.IXFR) return responseCodes.REFUSED;
  const isMeta = question.type >= firstMetaType && question.type <= queryTypes.ANY;
  return isMeta && question.type !== queryTypes.ANY ? responseCodes.NOTIMP : undefined;
}

function negative(query: Query, responseCode: number, { index, options }: ZoneState): Response {
  return { ...base(query), responseCode, isAuthoritative: true, authorities: [soaRecord(index, options)] };
}

function refused(query: Query, responseCode: number): Response {
  return { ...base(query), responseCode };
}

function base(query: Query) {
  const { id, opcode, isRecursionDesired, question, edns } = query;
  return {
    ...noRecords,
    id,
    opcode,
    isRecursionDesired,
    question,
    edns: edns === undefined ? undefined : { isDnssecOk: edns.isDnssecOk },
  };
}
