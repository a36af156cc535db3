# One image for all services; APP selects one: registry, connector, proxy, standalone, demo-upstream.
# Services and dependencies are the same files on every platform, so they are made once, on the one that builds.
ARG NODE_IMAGE=node:26.10.0-slim

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /lethe
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY libs libs
COPY apps apps
COPY deploy/backup/forget-published.mjs deploy/backup/forget-published.mjs
RUN npm run build && node scripts/licences.mjs dist/THIRD_PARTY_LICENSES && rm -r dist/.built dist/compiled

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS dependencies
WORKDIR /lethe
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
# What is not bundled. The base image has Node.js, so the optional packages that bring Node.js to a checkout are left out.
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

FROM ${NODE_IMAGE}
ARG VERSION=unreleased
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Lethe" \
  org.opencontainers.image.description="The MCP gateway that forgets credentials" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.source="${SOURCE}"
WORKDIR /lethe
# These folders belong to the user of the services; volumes that are mounted there inherit this.
RUN mkdir -p /config /data /trust/all /trust/registry /trust/connector /trust/proxy && chown -R node:node /config /data /trust \
  && chmod -R 0700 /config /data /trust
COPY --from=dependencies /lethe/node_modules node_modules
COPY --from=build /lethe/dist dist
COPY package.json LICENSE ./
COPY scripts/warm-up-child.mjs scripts/warm-up-child.mjs
COPY scripts/services/warm-up.mjs scripts/services/warm-up.mjs
# V8 takes compiled code of its own platform only.
RUN node scripts/warm-up-child.mjs dist/handshake-child && rm -f dist/apps/*/src/main.cjs.* && node scripts/services/warm-up.mjs dist
COPY deploy/image deploy/image
COPY deploy/trust deploy/trust
COPY --from=build /lethe/dist/deploy/backup/forget-published.mjs deploy/backup/forget-published.mjs
ENV NODE_ENV=production HOST=0.0.0.0 LETHE_HOME=/data APP=standalone
USER node
HEALTHCHECK --interval=3s --timeout=3s --start-period=60s --retries=6 CMD ["node", "deploy/image/healthcheck.mjs"]
CMD ["/bin/sh", "deploy/image/start.sh"]
