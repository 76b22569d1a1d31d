import { describe, expect, it } from 'vitest';
import { keyedHash } from '../products/market.test.ts';
import { hashLicenseKey, licenseKey } from './license-key.ts';

const key = licenseKey(keyedHash, 'l1');

describe('a licence key', () => {
  it('can be read aloud, and is the same whenever it is computed', () => {
    expect(key).toMatch(/^AP(-[0-9A-HJKMNP-TV-Z]{5}){5}$/);
    expect(licenseKey(keyedHash, 'l1')).toBe(key);
    expect(licenseKey(keyedHash, 'l2')).not.toBe(key);
  });

  it('spells the first 125 bits in Crockford’s base 32', () => {
    const bits = (text: string) =>
      [...text]
        .map((letter) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter).toString(2).padStart(5, '0'))
        .join('');
    const hash = [...keyedHash('licenseKey', 'l1')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    expect(bits(key.slice(2).replaceAll('-', ''))).toBe(hash.slice(0, 125));
  });

  it.each([
    ['lower case', key.toLowerCase()],
    ['no dashes', key.replaceAll('-', '')],
    ['blanks', ` ${key.replaceAll('-', ' ')}\n`],
    ['no prefix', key.slice(3)],
    ['letters that look alike', key.replaceAll('0', 'o').replaceAll('1', 'l')],
  ])('is the same typed with %s', (_, typed) => {
    expect(hashLicenseKey(typed)).toBe(hashLicenseKey(key));
  });

  it('is another one with another letter', () => {
    const last = key.endsWith('0') ? '2' : '0';
    expect(hashLicenseKey(`${key.slice(0, -1)}${last}`)).not.toBe(hashLicenseKey(key));
    expect(hashLicenseKey('')).not.toBe(hashLicenseKey(key));
  });
});
