# The image is built from the source tree: docker build -t agentworkflow .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/AgentWorkflow.Bot -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o /app

# The SDK image again, not the runtime: verification runs "dotnet test" of the generated project.
FROM mcr.microsoft.com/dotnet/sdk:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap git nodejs npm python3 wget \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/agentworkflow agentworkflow \
    && install -d -o agentworkflow -g agentworkflow -m 0700 /data
COPY --from=build /app /app
USER 10001
ENV DataDirectory=/data
VOLUME /data
EXPOSE 5080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:5080/readyz"]
ENTRYPOINT ["dotnet", "/app/agentworkflow.dll"]
CMD ["serve"]
