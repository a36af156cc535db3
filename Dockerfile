# One image for all services; APP selects one: registry, connector, proxy, standalone, demo-upstream.
ARG NODE_IMAGE=node:26.10.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /lethe
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY libs libs
COPY apps apps
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /lethe
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
# The base image has Node.js, so the optional packages that bring Node.js to a checkout are left out.
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

FROM ${NODE_IMAGE}
WORKDIR /lethe
# These folders belong to the user of the services; volumes that are mounted there inherit this.
RUN mkdir -p /config /data /trust/all /trust/registry /trust/connector /trust/proxy && chown -R node:node /config /data /trust \
  && chmod -R 0700 /config /data /trust
COPY --from=dependencies /lethe/node_modules node_modules
COPY --from=build /lethe/dist dist
COPY package.json LICENSE ./
COPY deploy/image deploy/image
COPY deploy/trust deploy/trust
ENV NODE_ENV=production HOST=0.0.0.0 LETHE_HOME=/data APP=standalone
USER node
HEALTHCHECK --interval=3s --timeout=3s --start-period=60s --retries=6 CMD ["node", "deploy/image/healthcheck.mjs"]
CMD ["node", "--min-semi-space-size=16", "deploy/image/start.mjs"]
