type Edge<Name> = { readonly from: Name; readonly to: Name };
export type Place = readonly [x: number, y: number];

const grid = 16;
const columnWidth = 224;
const laneHeight = 192;
/** The row of sub-nodes below an AI node. */
const servantDrop = 208;
const servantWidth = 128;

const snap = (value: number): number => Math.round(value / grid) * grid;

/** The longest way from a start to each node; an edge that leads back (a loop) counts for nothing. */
const columnsOf = <Name>(names: readonly Name[], edges: readonly Edge<Name>[]): ReadonlyMap<Name, number> => {
  const columns = new Map<Name, number>();
  const onTheWay = new Set<Name>();
  const visit = (name: Name, column: number): void => {
    if (onTheWay.has(name)) return;
    if ((columns.get(name) ?? -1) >= column) return;
    columns.set(name, column);
    onTheWay.add(name);
    for (const { from, to } of edges) if (from === name) visit(to, column + 1);
    onTheWay.delete(name);
  };
  const arrivals = new Set(edges.map(({ to }) => to));
  for (const name of names) if (!arrivals.has(name)) visit(name, 0);
  for (const name of names) if (!columns.has(name)) visit(name, 0);
  return columns;
};

/** The first way out of a node stays in its lane, each further one opens a lane below. */
const lanesOf = <Name>(names: readonly Name[], edges: readonly Edge<Name>[]): ReadonlyMap<Name, number> => {
  const lanes = new Map<Name, number>();
  let lowest = -1;
  const visit = (name: Name, lane: number): void => {
    lanes.set(name, lane);
    let own = true;
    for (const { from, to } of edges) {
      if (from !== name || lanes.has(to)) continue;
      visit(to, own ? lane : ++lowest);
      own = false;
    }
  };
  const arrivals = new Set(edges.map(({ to }) => to));
  const starts = names.filter((name) => !arrivals.has(name));
  for (const name of [...starts, ...names]) if (!lanes.has(name)) visit(name, ++lowest);
  return lanes;
};

/** Top-left corners on n8n's grid: columns from left to right, lanes from top to bottom, servants below whom they serve. */
export const placed = <Name extends string>(
  names: readonly Name[],
  edges: readonly Edge<Name>[],
  serving: ReadonlyMap<Name, readonly Name[]>,
): ReadonlyMap<Name, Place> => {
  const servants = new Set([...serving.values()].flat());
  const flow = names.filter((name) => !servants.has(name));
  const columns = columnsOf(flow, edges);
  const lanes = lanesOf(flow, edges);

  const width = (column: number): number => {
    const widest = Math.max(
      0,
      ...flow.filter((name) => columns.get(name) === column).map((name) => serving.get(name)?.length ?? 0),
    );
    return widest === 0 ? columnWidth : Math.max(columnWidth + 128, widest * servantWidth + 96);
  };
  /** A servant may have servants of its own (a vector store its embeddings). */
  const depth = (name: Name): number => Math.max(0, ...(serving.get(name) ?? []).map((servant) => 1 + depth(servant)));
  const height = (lane: number): number => {
    const deepest = Math.max(0, ...flow.filter((name) => lanes.get(name) === lane).map(depth));
    return laneHeight + deepest * servantDrop;
  };
  const before = (count: number, size: (i: number) => number): number =>
    Array.from({ length: count }, (_, i) => size(i)).reduce((sum, each) => sum + each, 0);

  const places = new Map<Name, Place>();
  const putServants = (name: Name, [x, y]: Place): void =>
    (serving.get(name) ?? []).forEach((servant, i) => {
      if (places.has(servant)) return; // serves several: it stands below the first
      const place = [snap(x + i * servantWidth), snap(y + servantDrop)] as const;
      places.set(servant, place);
      putServants(servant, place);
    });
  for (const name of flow) {
    const place = [snap(before(columns.get(name) ?? 0, width)), snap(before(lanes.get(name) ?? 0, height))] as const;
    places.set(name, place);
    putServants(name, place);
  }
  return places;
};
