interface Row {
  bucket: string;
  key: string;
}

/**
 * Splits rows, in their order, into groups that may be sent together: of one bucket, with no key twice. The first row is
 * alone, so that while the bus is away, or another relay takes over meanwhile, only one is attempted.
 */
export function togetherOf<T extends Row>([first, ...rest]: readonly T[], atMost: number): T[][] {
  if (first === undefined) return [];
  const groups: T[][] = [[first]];
  let group: T[] = [];
  for (const row of rest) {
    const fits = group.length < atMost && group.every(({ bucket, key }) => bucket === row.bucket && key !== row.key);
    if (group.length === 0 || !fits) groups.push((group = []));
    group.push(row);
  }
  return groups;
}
