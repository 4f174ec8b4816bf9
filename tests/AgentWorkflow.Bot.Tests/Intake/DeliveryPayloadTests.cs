using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Intake;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>Odd bodies are told from payloads (P11).</summary>
public sealed class DeliveryPayloadTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("{\"a\":{\"b\":[1,2,{\"c\":\"\\ud83d\\ude00\"}]}}")]
    [InlineData(" {\"a\":\"\\u0000\"} ")]
    public void Objects_Are_Read(string body)
    {
        Assert.True(DeliveryPayload.TryRead(Encoding.UTF8.GetBytes(body), out JsonDocument? payload, out string? unreadable));
        Assert.Null(unreadable);
        payload.Dispose();
    }

    [Theory]
    [InlineData("", "it is no JSON")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("\"text\"", "it is no JSON object")]
    [InlineData("{", "it is no JSON")]
    [InlineData("{}{}", "it is no JSON")]
    [InlineData("{\"a\":1,\"a\":2}", "it is no JSON, names a member twice")]
    [InlineData("{\"x\":{\"a\":1,\"\\u0061\":2}}", "it is no JSON, names a member twice")]
    [InlineData("\ufeff{}", "it is no JSON")]
    [InlineData("{\"a\":\"\\ud800\"}", "a text in it holds half a character")]
    [InlineData("{\"\\udc00\":1}", "a text in it holds half a character")]
    [InlineData("{\"a\":NaN}", "it is no JSON")]
    [InlineData("payload=%7B%7D", "it is form data; set the webhook's content type")]
    public void Anything_Else_Is_Told_Why_Not(string body, string why)
    {
        Assert.False(DeliveryPayload.TryRead(Encoding.UTF8.GetBytes(body), out _, out string? unreadable));
        Assert.StartsWith(why, unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_Is_Bounded()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

        Assert.True(DeliveryPayload.TryRead(Encoding.UTF8.GetBytes(Nested(DeliveryPayload.MostDepth)), out JsonDocument? payload, out _));
        payload.Dispose();
        Assert.False(DeliveryPayload.TryRead(Encoding.UTF8.GetBytes(Nested(200)), out _, out _));
        Assert.False(DeliveryPayload.TryRead(Encoding.UTF8.GetBytes(new string('[', 1_000_000)), out _, out _));
    }

    [Fact]
    public void Bytes_That_Are_No_Text_Are_No_Payload()
    {
        byte[] latin = [.. "{\"a\":\""u8, 0xe9, .. "\"}"u8];
        byte[] surrogate = [.. "{\"a\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8];

        Assert.False(DeliveryPayload.TryRead(latin, out _, out string? unreadable));
        Assert.Equal("it is not UTF-8", unreadable);
        Assert.False(DeliveryPayload.TryRead(surrogate, out _, out _));
    }

    [Fact]
    public void Packing_Keeps_Every_Byte()
    {
        Check.Sample(Gen.Byte.Array[0, 5000], body => PackedBody.Unpack(PackedBody.PackExactly(body)).AsSpan().SequenceEqual(body));
    }
}
