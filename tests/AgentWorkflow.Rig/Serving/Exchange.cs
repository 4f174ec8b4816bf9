using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Serving;

/// <summary>One request on its way through a double.</summary>
internal sealed class Exchange
{
    public required int Sequence { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as they were sent.</summary>
    public required string Target { get; init; }

    public string Operation { get; set; } = "";

    /// <summary>Who asks; each forge has its own kinds.</summary>
    public ICaller? Caller { get; set; }

    public string CallerName => Caller?.Name ?? "anonymous";

    public string Summary { get; set; } = "";

    public string? Fault { get; set; }

    /// <summary>Whether it may change something.</summary>
    public bool Writes { get; set; }

    /// <summary>The names by which faults find it.</summary>
    public List<string> Names { get; } = [];

    public JsonNode? Body { get; set; }

    public bool HasBody { get; set; }

    /// <summary>Whether the answer is wanted as it is, not as JSON.</summary>
    public bool Raw { get; set; }
}

/// <summary>Who asks.</summary>
internal interface ICaller
{
    /// <summary>How the journal and the limits name them.</summary>
    string Name { get; }
}
