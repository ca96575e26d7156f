# syntax=docker/dockerfile:1
# One image per service: docker build --build-arg SERVICE=policy --tag tollgate-policy .
# The version is that of the `node` package in package.json, so that containers run what the tests ran.
FROM node:24.21.0-bookworm-slim AS node
WORKDIR /app

# Every package's manifest, so that npm finds the workspaces of the lock file.
FROM node AS manifests
COPY .npmrc package.json package-lock.json ./
COPY libs/events/package.json libs/events/
COPY libs/journal/package.json libs/journal/
COPY libs/runtime/package.json libs/runtime/
COPY libs/sealing/package.json libs/sealing/
COPY libs/stage/package.json libs/stage/
COPY libs/store/package.json libs/store/
COPY services/audit/package.json services/audit/
COPY services/budget/package.json services/budget/
COPY services/dispatcher/package.json services/dispatcher/
COPY services/gateway/package.json services/gateway/
COPY services/lease/package.json services/lease/
COPY services/policy/package.json services/policy/
COPY cli/package.json cli/
COPY infra/package.json infra/
COPY tests/package.json tests/
COPY examples/package.json examples/

# All services at once: the stage is the same for each image, and built once.
FROM manifests AS build
RUN npm ci --ignore-scripts
COPY tsconfig.base.json ./
COPY libs libs
COPY services services
RUN node node_modules/typescript7/bin/tsc -b services/gateway services/policy services/lease services/budget services/dispatcher services/audit \
  && find libs services -depth \( -name '*.spec.*' -o -name src \) -exec rm -rf {} +

# Only what this one service needs when it runs.
FROM manifests AS dependencies
ARG SERVICE
RUN npm ci --ignore-scripts --omit=dev --omit=optional --workspace services/${SERVICE}

FROM node AS service
ARG SERVICE
ENV NODE_ENV=production
COPY --from=dependencies /app ./
COPY --from=build /app/libs libs
COPY --from=build /app/services/${SERVICE} services/${SERVICE}
COPY infra/containers/healthcheck.mjs ./
# The command below cannot hold the argument, and a shell in front of Node would keep signals from it.
RUN ln -s services/${SERVICE}/dist/main.js main.js
USER node
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "healthcheck.mjs"]
CMD ["node", "main.js"]
