import { describe, expect, it } from 'vitest';
import { firstSentence } from './summary.ts';

describe('the summary of a description', () => {
  it.each([
    ['Sorts invoices. Then rests.', 'Sorts invoices.'],
    ['Works with n8n 1.80 and up! Really.', 'Works with n8n 1.80 and up!'],
    ['No end in sight', 'No end in sight'],
    ['# Heading\n\nText.', 'Heading'],
    ['  Two\n lines. More', 'Two lines.'],
    ['請求書を分類します。速いです。', '請求書を分類します。'],
    ['', ''],
  ])('%j → %j', (description, summary) => expect(firstSentence(description)).toBe(summary));

  it('is cut after a word at 200 characters', () => {
    const summary = firstSentence(Array.from({ length: 60 }, () => 'word').join(' '));
    expect(summary).toMatch(/word…$/);
    expect(summary.length).toBeLessThanOrEqual(200);
    expect(summary.length).toBeGreaterThan(190);
  });
  it('keeps a last word that just fits', () =>
    expect(firstSentence(`${'a'.repeat(199)} b.`)).toBe(`${'a'.repeat(199)}…`));
  it('never cuts inside a character', () => expect(firstSentence(`a${'😀'.repeat(150)}`).isWellFormed()).toBe(true));
});
