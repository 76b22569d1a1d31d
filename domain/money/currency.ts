/**
 * ISO 4217 currencies in use (without metals, bond and test codes), by the number of decimals of their minor unit.
 * Of the funds codes only those that people are paid in are here.
 */
const codesByDecimals: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
      CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
      KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
      NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
      TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const decimals: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByDecimals).flatMap(([count, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, Number(count)]),
  ),
);

/** All currencies that prices may be in, sorted. */
export const currencies: readonly string[] = [...decimals.keys()].sort();

/** Whether `code` is a currency of ISO 4217, in upper case. */
export const isCurrency = (code: string): boolean => decimals.has(code);

/** Decimals of the minor unit: 2 for USD, 0 for JPY, 3 for BHD; undefined when it is no currency. */
export const decimalsOf = (code: string): number | undefined => decimals.get(code);
