const INTERNET = ['to 0.0.0.0/0 without 19 ranges: 443', 'to 2000::/3 without 4 ranges: 443'];
const DNS = 'to pods k8s-app=kube-dns of metadata.name=kube-system: 53/UDP 53';
const NATS = 'to pods name=nats of any namespace: 4222';
const COLLECTOR = 'to pods of metadata.name=monitoring: 4318';
const prometheus = (port: number) => `from pods of metadata.name=monitoring: ${port}`;

/** Who may connect to whom, by the set of values and the part of the chart. */
export const EDGES: Record<string, Record<string, string[]>> = {
  minimal: {
    registry: [prometheus(4400), DNS, NATS, 'to pods of any namespace: 5432'],
    connector: [prometheus(4700), DNS, NATS, ...INTERNET],
    proxy: ['from pods of metadata.name=ingress-nginx: 4500', prometheus(4500), DNS, NATS, ...INTERNET],
    keys: [DNS, 'to 0.0.0.0/0: 443 6443', 'to ::/0: 443 6443'],
  },
  production: {
    registry: [
      'from pods of metadata.name=ingress-nginx: 4400',
      prometheus(4400),
      DNS,
      NATS,
      COLLECTOR,
      'to 192.0.2.10/32: 5432',
    ],
    connector: [prometheus(4700), DNS, NATS, COLLECTOR, ...INTERNET, 'to pods of metadata.name=tools: 8080'],
    proxy: [
      'from pods of metadata.name=ingress-nginx: 4500',
      ...[prometheus(4500), DNS, NATS, COLLECTOR, ...INTERNET, 'to pods of metadata.name=tools: 8080'],
    ],
    keys: [DNS, 'to 0.0.0.0/0: 443 6443', 'to ::/0: 443 6443'],
  },
  gateway: {
    registry: [
      'from pods of metadata.name=gateways: 4400',
      prometheus(4400),
      DNS,
      NATS,
      'to pods of any namespace: 5432',
    ],
    connector: [prometheus(4700), DNS, NATS, ...INTERNET],
    proxy: ['from pods of metadata.name=gateways: 4500', prometheus(4500), DNS, NATS, ...INTERNET],
  },
};
