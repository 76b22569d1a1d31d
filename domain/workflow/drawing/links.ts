import type { PreviewConnections, PreviewNode } from '../preview.ts';

/** An edge between nodes by their place in the list. */
export type Link = {
  readonly from: number;
  readonly to: number;
  /** Type of the output (`main`, `ai_tool`, …) and of the input. */
  readonly output: string;
  readonly input: string;
  /** Which of the outputs of that type, and which of the inputs. */
  readonly slot: number;
  readonly index: number;
};

/** What is drawn at most of one workflow; the largest known has 246 nodes. */
const mostLinks = 4_000;
const mostPorts = 60;

/** The edges whose both ends are there; of nodes with one name the first is meant, as names are n8n's keys. */
export const linksOf = (nodes: readonly PreviewNode[], connections: PreviewConnections): readonly Link[] => {
  const places = new Map<string, number>();
  for (const [place, { name }] of nodes.entries()) if (!places.has(name)) places.set(name, place);
  const links: Link[] = [];
  for (const [source, outputs] of Object.entries(connections))
    for (const [output, slots] of Object.entries(outputs))
      for (const [slot, edges] of slots.slice(0, mostPorts).entries())
        for (const edge of edges) {
          const [from, to] = [places.get(source), places.get(edge.node)];
          if (from === undefined || to === undefined) continue;
          if (links.length >= mostLinks) return links;
          const index = Math.min(mostPorts - 1, Math.max(0, Math.trunc(edge.index)));
          links.push({ from, to, output, input: edge.type, slot, index });
        }
  return links;
};
