using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Configuration;

namespace SupportTickets.Tests.Fixtures;

/// <summary>People of a desk, their sessions and their tokens.</summary>
public static class People
{
    /// <summary>The password of everybody.</summary>
    public const string Password = "correct horse battery staple";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an account through the core. Its address is the name with dots.</summary>
    public static async Task<Person> AddPersonAsync(this Desk desk, Role role, string? name = null)
    {
        name ??= $"An {role}";
        await using var scope = desk.Services.CreateAsyncScope();
        var input = new PersonInput(name, AddressOf(name), Password, role);
        return (await scope.ServiceProvider.GetRequiredService<CreatePerson>().HandleAsync(input, Caller.System, Cancel)).Value;
    }

    /// <summary>The address of the account with a name.</summary>
    public static string AddressOf(string name) => $"{name.ToLowerInvariant().Replace(' ', '.')}@example.com";

    /// <summary>Makes an account and a token for it, through the core.</summary>
    public static async Task<string> AddTokenAsync(this Desk desk, Role role, TokenScope scope = TokenScope.write, string? name = null) =>
        (await desk.AddTokenAsync(await desk.AddPersonAsync(role, name ?? $"{role} with {scope} token"), scope)).Text;

    /// <summary>Makes a token for a person, through the core.</summary>
    public static async Task<IssuedToken> AddTokenAsync(this Desk desk, Person person, TokenScope scope = TokenScope.write, int days = 30)
    {
        await using var services = desk.Services.CreateAsyncScope();
        var given = await services.ServiceProvider.GetRequiredService<TokenStore>().CreateAsync(
            Caller.Anonymous(AccessMode.closed, null).As(person), new($"A {scope} token", scope.ToString(), days.ToString()), Cancel);
        return given.Value;
    }

    /// <summary>A client that sends a token with every request; it has no cookies.</summary>
    public static HttpClient ClientWith(this Desk desk, string token)
    {
        var client = desk.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client of a new account that signed in through the page.</summary>
    public static async Task<HttpClient> SignedInAsync(this Desk desk, Role role, string? name = null) =>
        await desk.SignedInAsync(await desk.AddPersonAsync(role, name));

    /// <summary>A client of a person who signed in through the page.</summary>
    public static async Task<HttpClient> SignedInAsync(this Desk desk, Person person, bool stay = false)
    {
        var client = desk.NewClient();
        using var answer = await client.SignInAsync(person.Email!, Password, stay);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    /// <summary>Fills in the page for signing in and sends it.</summary>
    public static Task<HttpResponseMessage> SignInAsync(
        this HttpClient client, string email, string password, bool stay = false, string returnUrl = "") =>
        client.PostFormAsync(
            "/sign-in", "/sign-in", ("email", email), ("password", password), ("stay", stay ? "true" : ""), ("returnUrl", returnUrl));

    /// <summary>Sends a form with the antiforgery token of the page that has it.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(
        this HttpClient client, string page, string action, params (string Name, string Value)[] fields)
    {
        var form = new HtmlParser().ParseDocument(await client.GetStringAsync(page, Cancel));
        var token = form.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value");
        return await client.PostAsync(
            action,
            new FormUrlEncodedContent(
                fields.Append(("__RequestVerificationToken", token ?? "")).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
            Cancel);
    }
}
