import type { MalwareScanner } from './port.ts';

const ENGINE = 'autopilot-builtin';

// In parts, so that this file itself is not taken for what it looks for.
const SIGNATURES: readonly { readonly signature: string; readonly bytes: Buffer }[] = [
  {
    signature: 'EICAR-Test-File',
    bytes: Buffer.from(['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$EICAR-', 'STANDARD-ANTIVIRUS-', 'TEST-FILE!$H+H*'].join('')),
  },
  { signature: 'Autopilot-Test-File', bytes: Buffer.from(['AUTOPILOT', 'TEST', 'MALWARE', '7d1c'].join('-')) },
];

const LONGEST = Math.max(...SIGNATURES.map(({ bytes }) => bytes.byteLength));

/**
 * A scanner for installations without one: finds the EICAR test file and Autopilot's own, anywhere in the content and
 * across chunks. It knows no real malware. Fails when the content does; stops reading at the first find.
 */
export const builtinScanner = (): MalwareScanner => ({
  async scan(content) {
    let tail = Buffer.alloc(0);
    for await (const chunk of content) {
      const window = Buffer.concat([tail, chunk]);
      const found = SIGNATURES.find(({ bytes }) => window.includes(bytes));
      if (found !== undefined) return { type: 'infected', engine: ENGINE, signature: found.signature };
      // Copied: a view would keep the whole window alive, and a source may reuse its buffer.
      tail = Buffer.from(window.subarray(Math.max(0, window.byteLength - LONGEST + 1)));
    }
    return { type: 'clean', engine: ENGINE };
  },
});
