# The build runs on the machine's own platform and compiles for the target's. The SDK is that of global.json, and the runtime is
# the one that it brings: the tests run on these two. Raise all three together.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0.401 AS build
ARG TARGETARCH
WORKDIR /src
# The packages first: they change less often than the code, so this layer is kept.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig SupportTickets.csproj packages.lock.json ./
RUN dotnet restore SupportTickets.csproj -a $TARGETARCH --locked-mode -p:PublishReadyToRun=true -p:UseAppHost=false
COPY SupportTickets/ SupportTickets/
COPY Pages/ Pages/
COPY wwwroot/ wwwroot/
# ReadyToRun: compiled ahead, so that the first requests after a start are not the slow ones.
RUN dotnet publish SupportTickets.csproj -c Release --no-restore --no-self-contained -a $TARGETARCH \
    -p:PublishReadyToRun=true -p:UseAppHost=false -o /app \
    && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12
WORKDIR /app
COPY --from=build /app .
# The only place the desk writes to; with DATABASE_URL naming a PostgreSQL, nothing is written at all.
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
VOLUME /data
# The image's own ASPNETCORE_HTTP_PORTS would only be a second opinion on the port.
ENV ASPNETCORE_HTTP_PORTS= \
    PORT=8000 \
    DATABASE_URL=sqlite:////data/support-tickets.db
USER $APP_UID
EXPOSE 8000
# The program asks itself: the image has no curl.
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["dotnet", "SupportTickets.dll", "health"]
ENTRYPOINT ["dotnet", "SupportTickets.dll"]
