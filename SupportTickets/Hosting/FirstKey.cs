using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SupportTickets.Data;

namespace SupportTickets.Hosting;

/// <summary>Whether this instance may make keys: not before its turn under the lock of the migrations.</summary>
internal sealed class KeyGate
{
    private volatile bool _isOpen;

    public bool IsOpen => _isOpen;

    public void Open() => _isOpen = true;
}

/// <summary>
/// Makes the key of a new desk, or finds that of the instance that was faster, before this instance serves: else several that
/// start at once make one each, and refuse each other's sessions until they look again, which is a day later.
/// </summary>
internal sealed class FirstKey(IDataProtectionProvider protection, KeyGate gate) : IAfterMigration
{
    public Task RunAsync(CancellationToken cancel)
    {
        gate.Open();
        // The platform reads the ring when it is first used, keeps it, and makes a key when none is in force.
        protection.CreateProtector(nameof(FirstKey)).Protect([0]);
        return Task.CompletedTask;
    }
}

/// <summary>The stored keys; takes none while the gate is closed, whatever asks for one that early.</summary>
internal sealed class GatedKeys(IXmlRepository keys, KeyGate gate) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => keys.GetAllElements();

    public void StoreElement(XElement element, string friendlyName)
    {
        if (!gate.IsOpen) throw new InvalidOperationException("Keys are made when the database is ready, one instance after another.");
        keys.StoreElement(element, friendlyName);
    }
}
