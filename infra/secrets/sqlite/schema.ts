/**
 * Erasing really erases. SQLite's `secure_delete` alone does not give that: when pages of a b-tree are split or merged,
 * copies of cells stay in the gaps of the old page. So wrapped values lie in `slot`, which is only ever appended to
 * and written over in place with the same size (its cells never move between pages); removing one overwrites it with
 * zeros and puts the slot on the free list. The rollback journal (`TRUNCATE`, not WAL) is empty once a commit is
 * done, so an old page does not live on in it either.
 */
export const schema = `
  PRAGMA journal_mode = TRUNCATE;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS slot (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS free_slot (
    size INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (size, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS secret (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    owner TEXT,
    expires_at INTEGER,
    slot INTEGER NOT NULL REFERENCES slot (number),
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS secret_by_owner ON secret (owner, kind, id) WHERE owner IS NOT NULL;
  CREATE INDEX IF NOT EXISTS secret_by_expiry ON secret (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS master_key_check (only INTEGER PRIMARY KEY CHECK (only = 1), wrapped BLOB NOT NULL) STRICT;
`;
