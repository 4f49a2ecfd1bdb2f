using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SupportTickets.Data;

namespace SupportTickets.Hosting;

/// <summary>Whether this instance may create keys: only once it holds the lock of the migrations.</summary>
internal sealed class KeyGate
{
    private volatile bool _isOpen;

    public bool IsOpen => _isOpen;

    public void Open() => _isOpen = true;
}

/// <summary>
/// Creates the key of a new desk, or reads the one that another instance created first, before this instance serves requests.
/// Otherwise instances that start at the same time would create a key each, and refuse each other's sessions until they read the
/// keys again a day later.
/// </summary>
internal sealed class FirstKey(IDataProtectionProvider protection, KeyGate gate) : IAfterMigration
{
    public Task RunAsync(CancellationToken cancel)
    {
        gate.Open();
        // The platform reads the key ring on first use, caches it, and creates a key when none is valid.
        protection.CreateProtector(nameof(FirstKey)).Protect([0]);
        return Task.CompletedTask;
    }
}

/// <summary>The stored keys. Stores no key while the gate is closed, whatever code asks for one that early.</summary>
internal sealed class GatedKeys(IXmlRepository keys, KeyGate gate) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => keys.GetAllElements();

    public void StoreElement(XElement element, string friendlyName)
    {
        if (!gate.IsOpen) throw new InvalidOperationException("Keys are made when the database is ready, one instance after another.");
        keys.StoreElement(element, friendlyName);
    }
}
