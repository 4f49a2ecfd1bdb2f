using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Hosting;

/// <summary>
/// Enforces MAX_REQUEST_BYTES on every server. A request whose Content-Length is over the limit is refused before anything is done
/// with it. A chunked request states no length: a stream that counts refuses it while it is read. Kestrel's own limit is turned off
/// for chunked requests, because the rest of a body that Kestrel refuses cannot be read any more. A body with files (<see
/// cref="TakesFilesAttribute"/>) has a limit of its own, which is met while it is read.
/// </summary>
internal static class BodyLimit
{
    /// <summary>How many bytes of a body over the limit are read and discarded.</summary>
    private const long MaxDrained = 128 * 1024 * 1024;

    private static readonly TimeSpan MaxDrainTime = TimeSpan.FromSeconds(30);

    /// <summary>Refuses bodies over the limit with 413.</summary>
    public static void UseBodyLimit(this WebApplication app, Settings settings)
    {
        app.Use(async (context, next) =>
        {
            var ofFiles = TakesFilesAttribute.Limit(context, settings);
            var limit = ofFiles ?? settings.MaxRequestBytes;
            if (context.Request.ContentLength > limit && ofFiles is null)
            {
                await context.WriteFaultAsync(Fault.TooLarge(limit));
                return;
            }
            var isCounted = ofFiles is null && context.Request.ContentLength is not null
                && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not null;
            if (!isCounted && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
            {
                LiftServerLimit(context);
                context.Request.Body = new LimitedBody(context.Request.Body, limit);
            }
            await next(context);
        });
    }

    /// <summary>
    /// Makes sure that every client can read a 413. Some clients send the whole body before they read, and take a connection that
    /// is closed meanwhile for a network failure. So the rest of the body is read and discarded, up to a limit, before the
    /// connection is closed. Runs before everything that answers.
    /// </summary>
    public static void UseDrain(this WebApplication app) => app.Use(async (context, next) =>
    {
        var body = context.Request.Body;
        await next(context);
        // Does not concern a server that does not count (the test server), nor a client that sent Expect: 100-continue and waits
        // for the answer.
        if (context.Response.StatusCode != StatusCodes.Status413PayloadTooLarge || context.RequestAborted.IsCancellationRequested
            || context.Features.Get<IHttpMaxRequestBodySizeFeature>() is null || !HttpProtocol.IsHttp11(context.Request.Protocol)
            || context.Request.Headers.Expect.Count > 0)
            return;
        await context.Response.CompleteAsync();
        LiftServerLimit(context);
        await DrainAsync(body, context.RequestAborted);
    });

    private static void LiftServerLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = null;
    }

    private static async Task DrainAsync(Stream body, CancellationToken gone)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(gone);
        time.CancelAfter(MaxDrainTime);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var left = MaxDrained;
            for (var read = 1; read > 0 && left > 0; left -= read)
                read = await body.ReadAsync(buffer, time.Token);
        }
        catch (Exception error) when (Fault.IsAbort(error))
        {
            // The client went away, or is too slow to wait for.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class LimitedBody(Stream body, long limit) : Stream
    {
        private long _left = limit;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Count(body.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await body.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Count(int read) => (_left -= read) >= 0
            ? read
            : throw new BadHttpRequestException("The body is over the limit.", StatusCodes.Status413PayloadTooLarge);
    }
}
