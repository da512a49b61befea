import { describe, expect, it } from 'vitest';
import { addressesOf, cameTo, returnAddress, sentToDigest } from '../../domain/inbound-mail.ts';
import { normalAddress } from '../../domain/mail-address.ts';

const TOKEN = '0123456789abcdef'.repeat(2);

describe('a mail address', () => {
  it.each([
    ['Ip@Bücher.Example', 'ip@xn--bcher-kva.example'],
    ['ip@xn--bcher-kva.example', 'ip@xn--bcher-kva.example'],
    ['ip@XN--BCHER-KVA.example', 'ip@xn--bcher-kva.example'],
    ['ip@bu\u0308cher.example', 'ip@xn--bcher-kva.example'],
    ['法务@例子.测试', '法务@xn--fsqu00a.xn--0zwm56d'],
    ['ip@例子。测试', 'ip@xn--fsqu00a.xn--0zwm56d'],
    [' A.B+c@House.example ', 'a.b+c@house.example'],
    ['"a@b"@house.example', '"a@b"@house.example'],
    ['desk@[192.0.2.1]', 'desk@[192.0.2.1]'],
    ['nobody', 'nobody'],
    ['a@b/c?d', 'a@b/c?d'],
    ['a@', 'a@'],
  ])('%s is %s', (text, normal) => {
    expect(normalAddress(text)).toBe(normal);
    expect(normalAddress(normal)).toBe(normal);
  });

  it('in both forms is one address to whom a mail went', () => {
    expect(sentToDigest(TOKEN, 'ip@Bücher.example')).toBe(sentToDigest(TOKEN, 'IP@xn--bcher-kva.example'));
    expect(addressesOf('Ä <a@Bücher.example>, b@house.example')).toEqual(['a@xn--bcher-kva.example', 'b@house.example']);
  });
});

describe("the envelope's sender", () => {
  it('carries the token of the mail, and a mail that comes there has it', () => {
    const address = returnAddress('Desk@house.example', '+', `<${TOKEN}@house.example>`);
    expect(address).toBe(`Desk+${TOKEN}@house.example`);
    for (const form of [address, address.toUpperCase(), address.replace('+', '-'), address.replace('+', '=')])
      expect(cameTo('desk@house.example', form)).toEqual({ token: TOKEN });
    expect(cameTo('Desk@House.example', 'desk@house.example')).toEqual({});
    expect(cameTo('desk@bücher.example', `desk+${TOKEN}@xn--bcher-kva.example`)).toEqual({ token: TOKEN });
  });

  it.each([
    'other@house.example',
    `other+${TOKEN}@house.example`,
    `desk+${TOKEN}@elsewhere.example`,
    'desk+x@house.example',
    `desk${TOKEN}@house.example`,
  ])('%s is somebody else', (recipient) => {
    expect(cameTo('desk@house.example', recipient)).toBeUndefined();
  });

  it('of a mail without a token is the address alone', () => {
    expect(returnAddress('desk@house.example', '+', '<x@house.example>')).toBe('desk@house.example');
  });
});
