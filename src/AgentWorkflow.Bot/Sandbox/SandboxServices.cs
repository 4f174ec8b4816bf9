using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Registers the room.</summary>
internal static class SandboxServices
{
    /// <summary>One line for each provider, in the order in which <c>auto</c> tries them.</summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SandboxOptions>()
            .Bind(configuration.GetSection(SandboxOptions.Section))
            .Validate(o => SandboxOptions.Providers.Contains(o.Provider), $"Sandbox__Provider is one of {string.Join(", ", SandboxOptions.Providers)}.")
            .Validate(o => o.Install.Files.All(Path.IsPathFullyQualified), "Sandbox__Install__Files takes absolute paths.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new SandboxPlaces(Path.GetFullPath(Path.Combine(configuration["DataDirectory"] ?? "data", "work")), null));
        services.AddSingleton<InstallSettings>();
        services.AddSingleton<ContainerImages>();
        services.AddSingleton<ISandbox, BubblewrapSandbox>();
        services.AddSingleton<ISandbox, ContainerSandbox>();
        services.AddSingleton<ISandbox, UnsafeHostSandbox>();
        services.AddSingleton<SandboxSelector>();
        return services;
    }
}
