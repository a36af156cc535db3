/** A metric that a query names, with the labels that the query expects of it. */
export interface NamedMetric {
  name: string;
  labels: string[];
  /** Values of its label `outcome`. */
  outcomes: string[];
}

/** What a PromQL query names. `kept`: the labels that its outermost aggregation keeps; undefined if it keeps all. */
export interface NamedInQuery {
  metrics: NamedMetric[];
  kept: string[] | undefined;
}

const METRIC = /\b((?:lethe|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)\s*[!=]~?\s*"([^"]*)"/g;

/** Finds metrics and labels in a query as this repository writes them: `sum by (a) (rate(metric{label="x"}[5m]))`. */
export function namedIn(expr: string): NamedInQuery {
  const groupings = [...expr.matchAll(/\bby \(([^)]*)\)/g)].map(([, labels = '']) => labels.split(/,\s*/));
  const metrics = [...expr.matchAll(METRIC)].map(([, name = '', selector = '']) => {
    const matchers = [...selector.matchAll(MATCHER)];
    return {
      name,
      labels: matchers.map(([, label = '']) => label),
      outcomes: matchers.filter(([, label]) => label === 'outcome').flatMap(([, , values = '']) => values.split('|')),
    };
  });
  const [outermost] = groupings;
  for (const metric of metrics) metric.labels.push(...groupings.flat());
  if (outermost !== undefined) return { metrics, kept: outermost.filter((label) => label !== 'le') };
  return { metrics, kept: /^(?:sum|count|histogram_quantile)\(/.test(expr) ? [] : undefined };
}
