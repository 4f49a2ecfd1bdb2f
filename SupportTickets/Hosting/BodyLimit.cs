using Microsoft.AspNetCore.Http.Features;

namespace SupportTickets.Hosting;

/// <summary>
/// MAX_REQUEST_BYTES on every server: a body that says it is larger is refused before anything is done with it, one
/// that does not say (chunked) while it is read. Kestrel counts by itself; a server that does not (the one of the
/// tests) gets a body that does.
/// </summary>
internal static class BodyLimit
{
    /// <summary>
    /// How much of a form over the limit is read and thrown away, in bytes: a browser shows an answer only when it could
    /// send all, else a lost connection. Programs read the answer while they send.
    /// </summary>
    private const long MaxDrained = 128 * 1024 * 1024;

    public static void UseBodyLimit(this WebApplication app, Settings settings)
    {
        var limit = settings.MaxRequestBytes;
        app.Use(async (context, next) =>
        {
            if (context.Request.ContentLength > limit)
            {
                if (context.Request.HasFormContentType) await DrainAsync(context.Request);
                await context.WriteFaultAsync(Fault.TooLarge(limit));
                return;
            }
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is null && context.Request.ContentLength != 0)
                context.Request.Body = new LimitedBody(context.Request.Body, limit);
            await next(context);
        });
    }

    private static async Task DrainAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxDrained || request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } server)
            return;
        server.MaxRequestBodySize = MaxDrained;
        await request.Body.CopyToAsync(Stream.Null, request.HttpContext.RequestAborted);
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
