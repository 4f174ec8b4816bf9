# The image is built from the source tree: docker build -t agentworkflow . (with Podman: --format docker, or it has no health check)
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/AgentWorkflow.Bot -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false -o /app

# Node 20 or newer is needed; distributions may have an older one.
FROM docker.io/library/node:20-slim AS node

# The SDK image again, not the runtime: verification runs "dotnet test" of the generated project.
FROM mcr.microsoft.com/dotnet/sdk:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap git python3 util-linux wget \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /home/agentworkflow agentworkflow \
    && install -d -o agentworkflow -g agentworkflow -m 0700 /data
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
COPY --from=build /app /app
USER 10001
# From outside the container everybody is another machine: webhooks and the health routes alone.
ENV DataDirectory=/data Web__Login=webhooks-only
VOLUME /data
EXPOSE 5080
# See docs/operations.md, "Container": Docker's default rules refuse what bubblewrap needs.
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:5080/readyz"]
ENTRYPOINT ["dotnet", "/app/agentworkflow.dll"]
CMD ["serve", "--urls", "http://0.0.0.0:5080"]
