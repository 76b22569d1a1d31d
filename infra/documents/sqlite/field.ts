const path = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/**
 * The SQL for a field of the document (a dotted path), spelled the same in indexes and queries so that SQLite matches them.
 * A missing field is NULL, true is 1, false is 0. @throws Error when the path holds anything but names and dots
 */
export const fieldExpression = (field: string): string => {
  if (!path.test(field)) throw new Error(`not a field path: ${JSON.stringify(field)}`);
  return `document ->> '$.${field}'`;
};
