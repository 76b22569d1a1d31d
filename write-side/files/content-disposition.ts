const percent = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * RFC 6266: an attachment under a vendor's file name. The plain form has ASCII letters that need no escape; `filename*` is
 * the name itself, and only there when it differs. No path is in either.
 */
export const attachment = (fileName: string): string => {
  const name = fileName.replace(/[/\\]/g, '_').replace(/\p{Cc}/gu, '');
  const plain = name.replace(/[^\x20-\x7e]|["%]/gu, '_');
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${percent(name)}`}`;
};
