# One image for the worker, the API and the commands:
#   docker build -t candlecast:local --build-arg REVISION=$(git rev-parse HEAD) .
#   docker run candlecast:local worker | api | candlecast doctor | prepare-temporal
# Plain syntax, so that Docker 20.10's own builder takes it as well as buildx. glibc, because Temporal's native module has
# no build for musl.

# The version is that of the package "node" in package.json; a test compares.
ARG NODE_VERSION=24.21.0

# What checks predictions in browsers is bundled here, because its bundler is no package of production.
FROM node:${NODE_VERSION}-bookworm-slim AS checker
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY core core
COPY storage storage
COPY api/browser api/browser
COPY scripts/bundle-checker.mjs scripts/
RUN node scripts/bundle-checker.mjs checker.mjs.br

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY scripts/prune-modules.mjs scripts/
RUN node scripts/prune-modules.mjs node_modules
COPY . .
COPY --from=checker /app/checker.mjs.br ./
RUN node scripts/bundle-workflows.mjs workflow-bundle.js \
 && rm -r api/browser scripts/bundle-checker.mjs scripts/bundle-workflows.mjs scripts/prune-modules.mjs package-lock.json

# What becomes a layer each, the seldom changed first. Nothing of it depends on when or by whom it was built: times are
# SOURCE_DATE_EPOCH, modes and owners are set here. Certificates for Temporal's native module are those that Node brings along.
ARG SOURCE_DATE_EPOCH=0
RUN mkdir -p /out/node/usr/local/bin /out/modules/app \
      /out/app/app /out/app/etc/ssl/certs /out/app/usr/local/bin /out/app/var/lib/candlecast \
 && cp "$(command -v node)" /out/node/usr/local/bin/ \
 && node -p 'tls.rootCertificates.join("\n")' > /out/app/etc/ssl/certs/ca-certificates.crt \
 && mv node_modules /out/modules/app/ \
 && mv ./* /out/app/app/ \
 && for command in worker=worker.ts api=api/server.ts candlecast=cli/main.ts \
      prepare-temporal=dev/prepare-temporal.ts healthcheck=scripts/healthcheck.mjs; do \
      printf '#!/bin/sh\nexec node /app/%s "$@"\n' "${command#*=}" > "/out/app/usr/local/bin/${command%%=*}"; \
    done \
 && chmod -R u=rwX,go=rX /out && chmod 755 /out/*/usr/local/bin/* \
 && chown -R 0:0 /out && chown 10001:10001 /out/app/var/lib/candlecast \
 && find /out -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +

FROM debian:bookworm-slim
COPY --from=build /out/node/ /
COPY --from=build /out/modules/ /
COPY --from=build /out/app/ /
WORKDIR /app
# HOST: in a container the loopback address reaches nobody. WORKER_HEALTH_ADDRESS: where the worker answers /live and /ready.
# MALLOC_…: freed memory goes back to the system, see dev/processes/return-memory.ts.
ENV NODE_ENV=production \
    MALLOC_MMAP_THRESHOLD_=262144 \
    MALLOC_ARENA_MAX=2 \
    WORKFLOW_BUNDLE=/app/workflow-bundle.js \
    CHECKER_BUNDLE=/app/checker.mjs.br \
    HOME=/var/lib/candlecast \
    STATE_DIR=/var/lib/candlecast \
    HOST=0.0.0.0 \
    PORT=8000 \
    WORKER_HEALTH_ADDRESS=0.0.0.0:8001
USER 10001:10001
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["healthcheck"]
CMD ["worker"]
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="candlecast" \
      org.opencontainers.image.description="Learns from the history of cryptocurrencies and serves predictions, by durable Temporal workflows." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
