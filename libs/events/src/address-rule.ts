import ipaddr from 'ipaddr.js';

/** Where tools may live: `public` is globally routable unicast only, `loopback` that and this machine, `any` everything. */
export const ADDRESS_RULES = ['public', 'loopback', 'any'] as const;
export type AddressRule = (typeof ADDRESS_RULES)[number];

/** IPv6 hands out global unicast from this block only; whatever lies outside is special or not yet allocated. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether a request may go to this IP address. An IPv4-mapped IPv6 address counts as the IPv4 address inside, because
 * that is where the system connects to; addresses that a translator or relay would turn into another one (NAT64, 6to4,
 * Teredo) are refused, because what is behind them cannot be seen from here. Text that is no address is refused.
 */
export function addressAllowed(ip: string, rule: AddressRule): boolean {
  const address = parseAddress(ip);
  if (address === undefined) return false;
  if (rule === 'any') return true;
  return isPublic(address) || (rule === 'loopback' && address.range() === 'loopback');
}

/** The IP address written in the URL, whatever notation it came in (`0x7f.1`, `2130706433`); undefined for a name. */
export function literalAddressOf(url: string | URL): string | undefined {
  const { hostname } = new URL(url);
  const ip = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return parseAddress(ip) === undefined ? undefined : ip;
}

/** Only the plain notation of IPv4: `010.0.0.1` means different addresses to different readers. */
function parseAddress(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ipaddr.IPv4.parse(ip);
  const groups = groupsOfIpv6(ip);
  return groups === undefined ? undefined : ipaddr.process(groups);
}

/** The address in hexadecimal groups: ipaddr.js reads a dotted end as mapped IPv4 whatever stands before it (`::8.8.8.8`). */
function groupsOfIpv6(ip: string): string | undefined {
  return /^[\da-f.]*:[\da-f:.]*$/i.test(ip) ? URL.parse(`http://[${ip}]/`)?.hostname.slice(1, -1) : undefined;
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST_V6);
}
