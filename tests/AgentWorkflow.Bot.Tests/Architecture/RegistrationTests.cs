using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Projects.Stacks;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Engine.Steps;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Architecture;

/// <summary>What is written is also plugged in: a class without its registration line is found here, not by a user.</summary>
public sealed partial class RegistrationTests
{
    public static TheoryData<Type> Ports => [typeof(IStepType), typeof(IForge), typeof(IAgent), typeof(ISandbox), typeof(IStack)];

    [Theory]
    [MemberData(nameof(Ports))]
    public void Every_Implementer_Of_A_Port_Is_Registered_Once(Type port)
    {
        Type[] written = [.. typeof(BotHost).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && port.IsAssignableFrom(t))];

        Type?[] registered = [.. Rooms().Where(s => s.ServiceType == port).Select(s => s.ImplementationType)];

        Assert.NotEmpty(written);
        Assert.Equal(written.Select(t => t.Name).Order(StringComparer.Ordinal), registered.Select(t => t?.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_Room_That_Has_Services_Is_In_The_Program()
    {
        // What works in the background is added by 'serve' alone.
        string[] written = [.. RegistrationMethods().Where(m => m.DeclaringType!.Namespace!.Split('.').Length == 3 || m.DeclaringType.Namespace.StartsWith("AgentWorkflow.Bot.Forges.", StringComparison.Ordinal)).Select(m => m.Name).Distinct()];

        Assert.Equal(written.Order(StringComparer.Ordinal), Added().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_Command_Is_In_The_Root_Command()
    {
        BotHost host = new((services, _) => services, routes => routes);
        MethodInfo create = typeof(BotCommands).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!;
        RootCommand root = (RootCommand)create.Invoke(null, [host])!;

        IEnumerable<string> written = typeof(BotHost).Assembly.GetTypes()
            .Where(t => t.Namespace?.StartsWith("AgentWorkflow.Bot.Cli", StringComparison.Ordinal) == true && t.Name.EndsWith("Command", StringComparison.Ordinal) && t.GetMethod("Create", BindingFlags.Public | BindingFlags.Static) is not null)
            .Select(t => Words().Replace(t.Name[..^"Command".Length], "-$0").ToLowerInvariant());

        Assert.Equal(written.Order(StringComparer.Ordinal), root.Subcommands.Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    private static ServiceCollection Rooms()
    {
        ServiceCollection services = new();

        // A forge is there where its settings are.
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("GitHub:AppId", "1"), new("GitHub:PrivateKeyPath", "app.pem"), new("GitLab:Token", "glpat-1")]).Build();
        foreach (MethodInfo add in RegistrationMethods().Where(m => Added().Contains(m.Name) && m.GetParameters().Skip(1).All(p => p.ParameterType == typeof(IConfiguration))))
        {
            add.Invoke(null, [services, .. add.GetParameters().Skip(1).Select(_ => configuration)]);
        }

        return services;
    }

    private static string[] Added() => [.. AddRoom().Matches(File.ReadAllText(ProgramFile())).Select(m => m.Groups["name"].Value)];

    private static IEnumerable<MethodInfo> RegistrationMethods() =>
        typeof(BotHost).Assembly.GetTypes().Where(t => t is { IsAbstract: true, IsSealed: true } && t.Name.EndsWith("Services", StringComparison.Ordinal))
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(m => m.Name.StartsWith("Add", StringComparison.Ordinal) && m.ReturnType == typeof(IServiceCollection));

    private static string ProgramFile()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "src", "AgentWorkflow.Bot", "Program.cs")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException("The tests do not run inside the repository."), "src", "AgentWorkflow.Bot", "Program.cs");
    }

    [GeneratedRegex(@"^\s+\.(?<name>Add[A-Za-z]+)\(", RegexOptions.Multiline, 1000)]
    private static partial Regex AddRoom();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
