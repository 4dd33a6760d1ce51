/** Payload types of telephone events that are counted of one side; more have no place in the kernel's map. */
export const maximumEventTypes = 4;

const highestPayloadType = 127;

/** Those of the payload types that are counted: the first ones that RTP has room for. The same array when it is all of them. */
export function countedEventTypes(payloadTypes: readonly number[]): readonly number[] {
  if (payloadTypes.length <= maximumEventTypes && payloadTypes.every(isPayloadType)) return payloadTypes;
  return payloadTypes.filter(isPayloadType).slice(0, maximumEventTypes);
}

function isPayloadType(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highestPayloadType;
}
