import { describe, expect, it } from 'vitest';
import { attachment } from './content-disposition.ts';

describe('the name of an attachment', () => {
  it.each([
    ['report v1.json', 'attachment; filename="report v1.json"'],
    ['Übersicht.json', `attachment; filename="_bersicht.json"; filename*=UTF-8''%C3%9Cbersicht.json`],
    ['a"b.json', `attachment; filename="a_b.json"; filename*=UTF-8''a%22b.json`],
    ['../../etc/passwd', 'attachment; filename=".._.._etc_passwd"'],
    ['C:\\temp\\x', 'attachment; filename="C:_temp_x"'],
    ['x\r\nSet-Cookie: a=b', 'attachment; filename="xSet-Cookie: a=b"'],
    [
      "it's (1) 100%.json",
      `attachment; filename="it's (1) 100_.json"; filename*=UTF-8''it%27s%20%281%29%20100%25.json`,
    ],
    ['\uD83D.json', `attachment; filename="_.json"; filename*=UTF-8''%EF%BF%BD.json`],
    ['📦.zip', `attachment; filename="_.zip"; filename*=UTF-8''%F0%9F%93%A6.zip`],
  ])('%s', (fileName, header) => {
    expect(attachment(fileName)).toBe(header);
  });
});
