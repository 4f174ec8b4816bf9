using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Which image has which toolchain.</summary>
internal sealed class ContainerImages(IOptions<SandboxOptions> options)
{
    /// <summary>The image for a program, by its name; one that is no known toolchain gets the general one.</summary>
    public string Of(string program) => program switch
    {
        "dotnet" => options.Value.Images.DotNet,
        "node" or "npm" or "npx" => options.Value.Images.Node,
        "python3" or "python" or "pip" => options.Value.Images.Python,
        _ => options.Value.Images.Other,
    };
}
