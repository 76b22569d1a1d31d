/** From `from` (a day, UTC, inclusive) the standard rate is `bps` hundredths of a percent. */
export type DatedRate = { readonly from: string; readonly bps: number };

/**
 * Standard VAT rates by ISO 3166 country, oldest first: the European Union, Switzerland, Norway and the United Kingdom.
 * A change of the law is a new entry; an entry that orders were placed under is never edited.
 */
export const vatRates: Readonly<Record<string, readonly DatedRate[]>> = {
  AT: [{ from: '1984-01-01', bps: 2000 }],
  BE: [{ from: '1996-01-01', bps: 2100 }],
  BG: [{ from: '1999-01-01', bps: 2000 }],
  CH: [
    { from: '2018-01-01', bps: 770 },
    { from: '2024-01-01', bps: 810 },
  ],
  CY: [{ from: '2014-01-13', bps: 1900 }],
  CZ: [{ from: '2013-01-01', bps: 2100 }],
  DE: [
    { from: '2007-01-01', bps: 1900 },
    { from: '2020-07-01', bps: 1600 },
    { from: '2021-01-01', bps: 1900 },
  ],
  DK: [{ from: '1992-01-01', bps: 2500 }],
  EE: [
    { from: '2009-07-01', bps: 2000 },
    { from: '2024-01-01', bps: 2200 },
    { from: '2025-07-01', bps: 2400 },
  ],
  ES: [{ from: '2012-09-01', bps: 2100 }],
  FI: [
    { from: '2013-01-01', bps: 2400 },
    { from: '2024-09-01', bps: 2550 },
  ],
  FR: [{ from: '2014-01-01', bps: 2000 }],
  GB: [{ from: '2011-01-04', bps: 2000 }],
  GR: [{ from: '2016-06-01', bps: 2400 }],
  HR: [{ from: '2012-03-01', bps: 2500 }],
  HU: [{ from: '2012-01-01', bps: 2700 }],
  IE: [
    { from: '2012-01-01', bps: 2300 },
    { from: '2020-09-01', bps: 2100 },
    { from: '2021-03-01', bps: 2300 },
  ],
  IT: [{ from: '2013-10-01', bps: 2200 }],
  LT: [{ from: '2009-09-01', bps: 2100 }],
  LU: [
    { from: '2015-01-01', bps: 1700 },
    { from: '2023-01-01', bps: 1600 },
    { from: '2024-01-01', bps: 1700 },
  ],
  LV: [{ from: '2012-07-01', bps: 2100 }],
  MT: [{ from: '2004-01-01', bps: 1800 }],
  NL: [{ from: '2012-10-01', bps: 2100 }],
  NO: [{ from: '2005-01-01', bps: 2500 }],
  PL: [{ from: '2011-01-01', bps: 2300 }],
  PT: [{ from: '2011-01-01', bps: 2300 }],
  RO: [
    { from: '2017-01-01', bps: 1900 },
    { from: '2025-08-01', bps: 2100 },
  ],
  SE: [{ from: '1990-07-01', bps: 2500 }],
  SI: [{ from: '2013-07-01', bps: 2200 }],
  SK: [
    { from: '2011-01-01', bps: 2000 },
    { from: '2025-01-01', bps: 2300 },
  ],
};
