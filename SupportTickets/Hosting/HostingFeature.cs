using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.HttpOverrides;
using SupportTickets.Data;

namespace SupportTickets.Hosting;

/// <summary>What every face stands on: settings, addresses, limits, hosts, origins, errors.</summary>
public static class HostingFeature
{
    private const string DefaultUrl = "http://localhost:8000";

    /// <summary>Reads the settings; prints the one sentence of a wrong one.</summary>
    public static bool TryReadSettings(this WebApplicationBuilder builder, [NotNullWhen(true)] out Settings? settings)
    {
        try
        {
            settings = Settings.Read(builder.Configuration);
            return true;
        }
        catch (SettingException error)
        {
            Console.Error.WriteLine(error.Message);
            settings = null;
            return false;
        }
    }

    /// <summary>Registers it.</summary>
    public static void AddHosting(this WebApplicationBuilder builder, Settings settings)
    {
        builder.Environment.EnvironmentName = settings.Debug ? Environments.Development : Environments.Production;
        if (settings.Debug) builder.WebHost.UseStaticWebAssets();
        if (settings.Port is { } port) builder.WebHost.UseUrls($"http://*:{port}");
        else if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])) builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
        });

        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        services.AddHealthChecks().AddDbContextCheck<TicketDb>();
        services.AddHostFiltering(options => options.AllowedHosts = settings.AllowedHosts.SelectMany<string, string>(h => h.StartsWith('.') ? [h[1..], "*" + h] : [h]).ToList());
        services.AddCors(options => options.AddDefaultPolicy(policy =>
        {
            if (settings.CorsAllowedOrigins.Count > 0) policy.WithOrigins([.. settings.CorsAllowedOrigins]);
            else if (settings.Debug) policy.AllowAnyOrigin();
            policy.AllowAnyHeader().AllowAnyMethod();
        }));
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedFor;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
        });
    }

    /// <summary>Puts it in front of every face.</summary>
    public static void UseHosting(this WebApplication app, Settings settings)
    {
        app.UseHostFiltering();
        if (settings.SecureSslRedirect)
        {
            app.UseForwardedHeaders();
            app.UseHsts();
            app.UseHttpsRedirection();
        }
        app.UseRouting();
        app.UseCors();
    }

    /// <summary>Maps /healthz: 200 when the database answers, else 503.</summary>
    public static void MapHealth(this WebApplication app) => app.MapHealthChecks("/healthz");
}
