/**
 * An ICMP error quotes the header of the packet it is about. When we change an address in that quotation, the ICMP
 * checksum is wrong, and nftables can't put it right: it mends checksums of header fields it knows, not of the inside of
 * an ICMP message. So we write a second value that cancels the first one out: the four bytes behind the checksum are
 * unused and zero in an error (RFC 792; the lower two hold the MTU when fragmentation was needed), and what stands in
 * the upper two of them counts in the sum like anything else.
 */

/** One's complement sum (RFC 1071) of the two halves of an address. */
function halvesSum(address: number): number {
  return foldedSum((address >>> 16) + (address & 0xffff));
}

function foldedSum(sum: number): number {
  return sum > 0xffff ? (sum & 0xffff) + 1 : sum;
}

/** What to write over a zero so that replacing the address `from` by `to` leaves the sum as it was: 0 to 0xffff. */
export function compensation(from: number, to: number): number {
  return foldedSum(halvesSum(from) + (0xffff - halvesSum(to)));
}
