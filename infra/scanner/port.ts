/** Malware scanner. */
export type MalwareVerdict =
  | { readonly type: 'clean'; readonly engine: string }
  | { readonly type: 'infected'; readonly engine: string; readonly signature: string };

export type MalwareScanner = {
  /** Scans the whole content. @throws when the scan could not run (the caller retries, then blocks the version) */
  scan(content: AsyncIterable<Uint8Array>): Promise<MalwareVerdict>;
};
