import { secretValues } from './find-secrets.ts';
import type { JsonRecord } from './json.ts';
import { isRecord, listOf, recordOf, stringsIn, textOf } from './json.ts';
import { hasOpaquePart } from './opaque.ts';
import { scrub } from './scrub.ts';
import { REMOVED } from './scrub-emails.ts';
import { nameOf, parametersOf, workingNodes } from './workflow.ts';

const SHORTEST_ID = 8;

/** Ids that n8n gave to the workflow, its owner, its nodes and their credentials. */
const idsOf = (workflow: JsonRecord): string[] => {
  const nodes = listOf(workflow.nodes).filter(isRecord);
  const credentials = nodes.flatMap((node) => Object.values(recordOf(node.credentials)));
  return [
    ...[workflow.id, workflow.versionId, workflow.activeVersionId, recordOf(workflow.meta).instanceId],
    ...nodes.flatMap((node) => [node.id, node.webhookId]),
    ...credentials.map((credential) => recordOf(credential).id),
  ]
    .map(textOf)
    .filter((id) => id !== undefined)
    .filter((id) => id.length >= SHORTEST_ID && /\d/.test(id));
};

const OPAQUE_WORD = /[\w-]{20,200}/g;

/** Document, folder and channel ids out of the parameters, which authors like to repeat in a note. */
const opaqueParametersOf = (workflow: JsonRecord): string[] =>
  workingNodes(workflow).flatMap((node) =>
    [...stringsIn(parametersOf(node))].flatMap(({ text }) => text.match(OPAQUE_WORD)?.filter(hasOpaquePart) ?? []),
  );

const WORD = /[\w-]{8,200}/g;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Looks words up instead of searching for each value: a file may hold thousands of both. */
const removingWords = (values: Iterable<string>): ((text: string) => string) => {
  const known = new Set(values);
  const shown = (word: string) => (known.has(word) ? REMOVED : word);
  return (text) => text.replace(WORD, shown).replace(UUID, shown);
};

const MOST_SECRETS = 200;

const removingSecrets = (values: ReadonlySet<string>): ((text: string) => string) => {
  const known = [...values].filter((value) => value.length >= SHORTEST_ID).sort((a, b) => b.length - a.length);
  return (text) => known.slice(0, MOST_SECRETS).reduce((rest, value) => rest.replaceAll(value, REMOVED), text);
};

/** How texts of one workflow are shown to a stranger: names (the same name always the same way) and notes. */
export type Scrubber = { readonly name: (name: string) => string; readonly note: (text: string) => string };

/**
 * A scrubber that also knows what is private in this workflow: its ids, the secrets found anywhere in it, and for notes
 * the opaque values of its parameters. Distinct names stay distinct (`[removed]`, `[removed] (2)`), so edges still match.
 */
export const scrubberFor = (workflow: JsonRecord): Scrubber => {
  const secrets = secretValues(workflow);
  const withoutSecrets = removingSecrets(secrets);
  const ids = [...secrets, ...idsOf(workflow)];
  const withoutIds = removingWords(ids);
  const withoutParameters = removingWords([...ids, ...opaqueParametersOf(workflow)]);
  const inNames = (text: string) => withoutIds(withoutSecrets(text));
  const inNotes = (text: string) => withoutParameters(withoutSecrets(text));
  const names = [...new Set(workingNodes(workflow).map(nameOf))];
  const shown = new Map<string, string>();
  const taken = new Set<string>();
  // Names that need no change go first: they keep themselves.
  const cleaned = names.map((name) => ({ name, clean: scrub(inNames(name)) }));
  for (const { name, clean } of cleaned.toSorted((a, b) => Number(a.name !== a.clean) - Number(b.name !== b.clean))) {
    let unique = clean;
    for (let copy = 2; taken.has(unique); copy += 1) unique = `${clean} (${copy})`;
    taken.add(unique);
    shown.set(name, unique);
  }
  return { name: (name) => shown.get(name) ?? scrub(inNames(name)), note: (text) => scrub(inNotes(text)) };
};
