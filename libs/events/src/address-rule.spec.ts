import { addressAllowed, literalAddressOf } from './address-rule.js';

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.167.1.1',
  '223.255.255.254',
  '198.17.0.1',
  '198.20.0.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001::200e',
  '::ffff:8.8.8.8',
];

const LOOPBACK = ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1'];

const SPECIAL: [string, string][] = [
  ['this network', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['shared, carrier NAT', '100.64.0.1'],
  ['link-local, cloud metadata', '169.254.169.254'],
  ['IETF protocol', '192.0.0.8'],
  ['documentation', '192.0.2.1'],
  ['documentation', '198.51.100.1'],
  ['documentation', '203.0.113.1'],
  ['benchmarks', '198.18.0.1'],
  ['6to4 relay', '192.88.99.1'],
  ['AS112', '192.31.196.1'],
  ['AS112', '192.175.48.1'],
  ['AMT', '192.52.193.1'],
  ['multicast', '224.0.0.1'],
  ['multicast', '239.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['unique local', 'fd00:ec2::254'],
  ['unique local', 'fc00::1'],
  ['link-local', 'fe80::1'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['mapped private', '::ffff:10.0.0.1'],
  ['mapped metadata', '::ffff:a9fe:a9fe'],
  ['mapped unspecified', '::ffff:0.0.0.0'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['IPv4-compatible', '::8.8.8.8'],
  ['translated', '::ffff:0:10.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64', '64:ff9b::808:808'],
  ['NAT64', '64:ff9b::8.8.8.8'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::'],
  ['6to4', '2002:808:808::1'],
  ['Teredo', '2001:0:808:808::1'],
  ['benchmarks', '2001:2::1'],
  ['ORCHID', '2001:10::1'],
  ['ORCHIDv2', '2001:20::1'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['discard', '100::1'],
  ['segment routing', '5f00::1'],
  ['not allocated', '4000::1'],
  ['not allocated', '::2'],
];

const NOT_ADDRESSES = [
  '',
  'localhost',
  'example.com',
  '1.2.3',
  '256.1.1.1',
  '010.8.8.8',
  '0x7f.0.0.1',
  '2130706433',
  '8.8.8.8 ',
  '8.8.8.8/32',
  '[::1]',
  ':::',
  '::ffff:8.8.8',
  '1.2.3.4.5',
  'fe80::1%eth0',
  '2606:4700::1%eth0',
  '::1]@8.8.8.8/[',
  '::1]:80/[',
];

describe('addressAllowed', () => {
  it.each(PUBLIC)('public %s is allowed by every rule', (ip) => {
    expect([addressAllowed(ip, 'public'), addressAllowed(ip, 'loopback'), addressAllowed(ip, 'any')]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each(LOOPBACK)('loopback %s needs the rule loopback or any', (ip) => {
    expect([addressAllowed(ip, 'public'), addressAllowed(ip, 'loopback'), addressAllowed(ip, 'any')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.each(SPECIAL)('%s %s needs the rule any', (_what, ip) => {
    expect([addressAllowed(ip, 'public'), addressAllowed(ip, 'loopback'), addressAllowed(ip, 'any')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it.each(NOT_ADDRESSES)('%j is no address: refused by every rule', (text) => {
    expect([addressAllowed(text, 'public'), addressAllowed(text, 'loopback'), addressAllowed(text, 'any')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('literalAddressOf', () => {
  it.each([
    ['http://127.0.0.1/', '127.0.0.1'],
    ['http://127.1:8080/hook', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://127.0.0.1./', '127.0.0.1'],
    ['http://１２７.0.0.1/', '127.0.0.1'],
    ['https://[::1]:8443/', '::1'],
    ['http://[::FFFF:10.0.0.1]/', '::ffff:a00:1'],
  ])('%s is %s', (url, ip) => {
    expect(literalAddressOf(url)).toBe(ip);
  });

  it.each(['http://localhost/', 'https://example.com/', 'http://10.0.0.1.nip.io/', 'http://dead.beef/'])(
    '%s is a name',
    (url) => {
      expect(literalAddressOf(url)).toBeUndefined();
    },
  );
});
