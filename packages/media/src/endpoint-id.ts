/** Identity of an endpoint: its address is ours alone while it is open. */
export function endpointId(mediaInterface: string, localPort: number): string {
  return `${mediaInterface}/${localPort}`;
}
