using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Effects;

/// <summary>How effects, receipts and file sets are written to the store: one form, so that a replica reads what another wrote.</summary>
public static class StateJson
{
    /// <summary>Camel case, identities as text, file sets as <c>{ path: [sha256, size, executable] }</c>.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters =
            {
                new TextConverter<BranchName>(BranchName.Parse),
                new TextConverter<CommitId>(CommitId.Parse),
                new TextConverter<RepoPath>(RepoPath.Parse),
                new TextConverter<RepoRef>(text => RepoRef.TryParse(text, out RepoRef? repo) ? repo : throw new JsonException($"'{text}' is no repository.")),
                new TextConverter<EffectKey>(text => new EffectKey(text)),
                new TreeConverter(),
                new DeltaConverter(),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class TextConverter<T>(Func<string, T> parse) : JsonConverter<T>
        where T : class
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text ? parse(text) : null;

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class TreeConverter : JsonConverter<WorkspaceTree>
    {
        public override WorkspaceTree Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, FileEntry>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                RepoPath path = RepoPath.Parse(reader.GetString() ?? "");
                reader.Read();
                reader.Read();
                string sha256 = reader.GetString() ?? throw new JsonException("A file entry has no digest.");
                reader.Read();
                long size = reader.GetInt64();
                reader.Read();
                files.Add(path, new FileEntry(sha256, size, reader.GetBoolean()));
                reader.Read();
            }

            return new WorkspaceTree(files.ToImmutable());
        }

        public override void Write(Utf8JsonWriter writer, WorkspaceTree value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach ((RepoPath path, FileEntry entry) in value.Files)
            {
                writer.WriteStartArray(path.Value);
                writer.WriteStringValue(entry.Sha256);
                writer.WriteNumberValue(entry.Size);
                writer.WriteBooleanValue(entry.Executable);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }
    }

    private sealed class DeltaConverter : JsonConverter<TreeDelta>
    {
        public override TreeDelta Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Stored stored = JsonSerializer.Deserialize<Stored>(ref reader, options) ?? throw new JsonException("A delta is null.");
            return new TreeDelta(stored.Written.Files, [.. stored.Deleted]);
        }

        public override void Write(Utf8JsonWriter writer, TreeDelta value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Stored(new WorkspaceTree(value.Written), [.. value.Deleted]), options);

        private sealed record Stored(WorkspaceTree Written, IReadOnlyList<RepoPath> Deleted);
    }
}
