import { v5 } from 'uuid';
import { placed } from './layout.ts';
import { type Note, noteAround } from './note.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Parameters = { readonly [key: string]: Json };

/** A node as n8n exports it, but for its name, id and place. */
export type NodeSpec = {
  readonly type: string;
  readonly typeVersion: number;
  readonly parameters: Parameters;
  /** What a sub-node gives to the node above it, such as `ai_tool`. */
  readonly gives?: string;
  readonly onError?: 'continueRegularOutput' | 'continueErrorOutput';
  readonly retryOnFail?: true;
  readonly maxTries?: number;
  readonly disabled?: true;
  readonly executeOnce?: true;
  readonly alwaysOutputData?: true;
};

/** A node on a path: its name, or with the output by which the path leaves it and the input by which it comes. */
export type Stop<Name extends string> = Name | { readonly at: Name; readonly out?: number; readonly in?: number };

export type Drawing<Name extends string> = {
  readonly nodes: { readonly [name in Name]: NodeSpec };
  /** Each a way through the nodes from the left to the right. */
  readonly paths: readonly (readonly Stop<NoInfer<Name>>[])[];
  /** What serves an AI node, by its name. */
  readonly serves?: { readonly [name in NoInfer<Name>]?: readonly NoInfer<Name>[] };
  readonly notes?: readonly Note<NoInfer<Name>>[];
  readonly timezone?: string;
};

type Target = { readonly node: string; readonly type: string; readonly index: number };

const namespace = 'a3b6f7a0-52a5-4d0e-9b53-6a2f6f3f5d10';
const stopOf = <Name extends string>(stop: Stop<Name>) => (typeof stop === 'string' ? { at: stop } : stop);

const hasAddress = (type: string): boolean =>
  /\.(webhook|formTrigger|chatTrigger|mcpTrigger|wait|telegramTrigger|form)$/.test(type);

/** The workflow as the text of a file that n8n imports: nodes laid out, connections by name, notes below. */
export const workflow = <const Name extends string>(title: string, drawing: Drawing<Name>): string => {
  const names = Object.keys(drawing.nodes) as Name[];
  const spec = (name: Name): NodeSpec => drawing.nodes[name];
  const connections: Record<string, Record<string, Target[][]>> = {};
  const edges: { from: Name; to: Name }[] = [];

  const connect = (from: Name, type: string, out: number, to: Name, index: number): void => {
    const byType = connections[from] ?? {};
    connections[from] = byType;
    const outputs = byType[type] ?? [];
    byType[type] = outputs;
    while (outputs.length <= out) outputs.push([]);
    const targets = outputs[out];
    if (targets?.some(({ node, index: at }) => node === to && at === index)) return;
    targets?.push({ node: to, type, index });
    if (type === 'main') edges.push({ from, to });
  };

  for (const path of drawing.paths) {
    path.forEach((stop, i) => {
      const next = path[i + 1];
      if (next === undefined) return;
      const [from, to] = [stopOf(stop), stopOf(next)];
      connect(from.at, 'main', from.out ?? 0, to.at, to.in ?? 0);
    });
  }
  const serving = new Map<Name, readonly Name[]>();
  for (const name of names) {
    const servants = drawing.serves?.[name];
    if (servants === undefined) continue;
    serving.set(name, servants);
    for (const servant of servants) connect(servant, spec(servant).gives ?? 'ai_tool', 0, name, 0);
  }

  const places = placed(names, edges, serving);
  const id = (name: string): string => v5(`${title}/${name}`, namespace);
  const nodes = names.map((name) => {
    const { gives: _, ...node } = spec(name);
    const position = places.get(name) ?? [0, 0];
    return {
      ...{ id: id(name), name, ...node, position },
      ...(hasAddress(node.type) ? { webhookId: id(`${name} address`) } : {}),
    };
  });
  const notes = (drawing.notes ?? []).map((note, i) => ({
    ...{ id: id(`note ${i}`), name: i === 0 ? 'Sticky Note' : `Sticky Note${i}` },
    ...noteAround(note, places),
  }));
  return `${JSON.stringify(
    {
      name: title,
      nodes: [...notes, ...nodes],
      connections,
      settings: {
        executionOrder: 'v1',
        ...(drawing.timezone === undefined ? {} : { timezone: drawing.timezone }),
      },
      pinData: {},
      meta: { templateCredsSetupCompleted: false },
    },
    null,
    2,
  )}\n`;
};
