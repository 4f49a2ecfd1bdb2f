using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SupportTickets.Tests.Fixtures;

/// <summary>
/// What MVC finds out by reflection about the Razor pages and their models. It is the same for every desk and takes a third of a
/// start, so the first desk finds it out and the others get copies.
/// </summary>
internal static class SharedPages
{
    private static readonly Lock Gate = new();
    private static IModelMetadataProvider? _metadata;
    private static List<CompiledPageActionDescriptor>? _pages;

    /// <summary>Lets a desk use what is shared.</summary>
    public static void Use(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton(Metadata));
        var own = services.Single(service =>
            service.ServiceType == typeof(IActionDescriptorProvider)
            && service.ImplementationType?.Name == "CompiledPageActionDescriptorProvider");
        services.Remove(own);
        services.AddSingleton<IActionDescriptorProvider>(
            provider => new Copies((IActionDescriptorProvider)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)));
    }

    private static IModelMetadataProvider Metadata(IServiceProvider services)
    {
        lock (Gate)
        {
            return _metadata ??= new DefaultModelMetadataProvider(
                services.GetRequiredService<ICompositeMetadataDetailsProvider>(), services.GetRequiredService<IOptions<MvcOptions>>());
        }
    }

    // MVC keeps what belongs to one desk, for example its filters, in the descriptor itself, and adds to its route values. So each
    // desk has its own.
    private static CompiledPageActionDescriptor Copy(CompiledPageActionDescriptor page) => new(page)
    {
        ActionConstraints = page.ActionConstraints,
        AttributeRouteInfo = page.AttributeRouteInfo,
        BoundProperties = page.BoundProperties,
        DeclaredModelTypeInfo = page.DeclaredModelTypeInfo,
        DisplayName = page.DisplayName,
        EndpointMetadata = page.EndpointMetadata,
        FilterDescriptors = page.FilterDescriptors,
        HandlerMethods = page.HandlerMethods,
        HandlerTypeInfo = page.HandlerTypeInfo,
        ModelTypeInfo = page.ModelTypeInfo,
        PageTypeInfo = page.PageTypeInfo,
        Parameters = page.Parameters,
        Properties = new Dictionary<object, object?>(page.Properties),
        RouteValues = new Dictionary<string, string?>(page.RouteValues, StringComparer.OrdinalIgnoreCase),
    };

    private sealed class Copies(IActionDescriptorProvider own) : IActionDescriptorProvider
    {
        public int Order => own.Order;

        public void OnProvidersExecuting(ActionDescriptorProviderContext context)
        {
            lock (Gate)
            {
                if (_pages is null)
                {
                    var found = new ActionDescriptorProviderContext();
                    own.OnProvidersExecuting(found);
                    _pages = [.. found.Results.Cast<CompiledPageActionDescriptor>()];
                }
            }
            foreach (var page in _pages) context.Results.Add(Copy(page));
        }

        public void OnProvidersExecuted(ActionDescriptorProviderContext context) => own.OnProvidersExecuted(context);
    }
}
