using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;
using SupportTickets.Data;
using SupportTickets.Http;

namespace SupportTickets.Hosting;

/// <summary>
/// The HTTP pipeline below every face: settings, addresses, limits, hosts, origins, errors. The reasons: docs/decisions/0003-hosting.md.
/// </summary>
public static class HostingFeature
{
    // The response headers that scripts on other origins may read.
    private static readonly string[] ExposedHeaders =
        ["ETag", "Location", "OData-EntityId", "OData-Version", "Preference-Applied", "Retry-After"];

    /// <summary>Reads the settings and checks the database file; prints one sentence when something is wrong.</summary>
    public static bool TryReadSettings(this WebApplicationBuilder builder, [NotNullWhen(true)] out Settings? settings)
    {
        try
        {
            settings = ReadSettings(builder.Configuration);
            SqliteFile.Prepare(settings.Database);
            settings.Attachments.Prepare();
            return true;
        }
        catch (SettingException error)
        {
            Console.Error.WriteLine(error.Message.ReplaceLineEndings(" "));
            settings = null;
            return false;
        }
    }

    /// <summary>Reads and checks the settings. The first administrator must follow the rules for all people.</summary>
    /// <exception cref="SettingException">A setting is invalid.</exception>
    internal static Settings ReadSettings(IConfiguration configuration)
    {
        var settings = Settings.Read(configuration);
        FirstAdminCheck.Check(settings.FirstAdmin);
        return settings;
    }

    /// <summary>Registers it.</summary>
    public static void AddHosting(this WebApplicationBuilder builder, Settings settings)
    {
        SetEnvironment(builder, settings.Debug ? Environments.Development : Environments.Production);
        if (settings.Debug) builder.WebHost.UseStaticWebAssets();
        builder.AddLogs(settings);
        Addresses.Listen(builder, settings);
        AddLimits(builder, settings);
        AddOrigins(builder, settings);
        AddCompression(builder.Services);

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        services.AddKeyRing(settings);
        services.AddSingleton<WarmUpToken>();
        services.AddHostedService<WarmUp>();
    }

    /// <summary>Puts it in front of every face.</summary>
    public static void UseHosting(this WebApplication app, Settings settings)
    {
        app.UseDrain();
        app.UseSecurityHeaders();
        app.UseForwarded(settings);
        app.UseMiddleware<FaultHandling>(); // outside of compression: a half-compressed response cannot be replaced by an error
        app.UseAllowedHosts(settings);
        app.UseResponseCompression();
        if (!settings.Debug) app.UseHttpsOnly();
        if (settings.SecureSslRedirect) app.UseRedirectToHttps();
        app.UseRouting();
        app.UseCors();
        app.UseSchemaGate();
        app.UseBodyLimit(settings);
    }

    // DEBUG alone decides. The web host and the generic host below it have an environment each.
    private static void SetEnvironment(WebApplicationBuilder builder, string name)
    {
        builder.Environment.EnvironmentName = name;
        foreach (var host in builder.Services.Select(s => s.ImplementationInstance).OfType<IHostEnvironment>())
            host.EnvironmentName = name;
    }

    private static void AddLimits(WebApplicationBuilder builder, Settings settings)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var limits = kestrel.Limits;
            limits.MaxRequestBodySize = settings.MaxRequestBytes;
            // Room for the longest URL that a face accepts, percent-encoded. The face itself refuses a longer one, in its own format.
            limits.MaxRequestLineSize = 64 * 1024;
            limits.MaxRequestHeadersTotalSize = 32 * 1024;
            limits.MaxRequestHeaderCount = 100;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            // Longer than the 60 to 120 s of usual proxies, which then never meet a connection that is just closing.
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
            limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
            // A program that reads the feed may pause.
            limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));
        });
        builder.Services.Configure<FormOptions>(form =>
        {
            // One field may be as large as the whole body. No form has more than a few dozen fields.
            form.ValueLengthLimit = (int)settings.MaxRequestBytes;
            form.MultipartBodyLengthLimit = settings.MaxRequestBytes;
            form.ValueCountLimit = 200;
            form.MemoryBufferThreshold = (int)settings.MaxRequestBytes; // no files on disk: no form here takes one
        });
    }

    private static void AddOrigins(WebApplicationBuilder builder, Settings settings)
    {
        var services = builder.Services;
        services.AddCors(options => options.AddDefaultPolicy(policy =>
        {
            if (settings.CorsAllowedOrigins.Count > 0) policy.WithOrigins([.. settings.CorsAllowedOrigins]);
            else if (settings.Debug) policy.AllowAnyOrigin();
            policy.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(ExposedHeaders).SetPreflightMaxAge(TimeSpan.FromMinutes(10));
        }));
        services.AddHttpsRedirection(options =>
        {
            options.RedirectStatusCode = StatusCodes.Status307TemporaryRedirect;
            if (!Addresses.ServeTls(builder.Configuration)) options.HttpsPort = 443; // the proxy's
        });
    }

    // Static files are compressed when the desk is published.
    private static void AddCompression(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/xml", "text/csv", PageCompression.Html];
        });
        services.AddSingleton<IResponseCompressionProvider, PageCompression>();
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }
}
