using AgentWorkflow.Rig.Contract;

using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;

using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Visitors;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary>The forge's own schema, made executable over <see cref="GraphNode"/>s.</summary>
internal static class GitHubSchema
{
    private static readonly Lazy<ISchema> Made = new(() => Make(File.ReadAllText(SharedData.GitHub("schema.graphql"))));

    /// <summary>The schema, made once a process (about a second).</summary>
    public static ISchema Schema => Made.Value;

    private static GraphQL.Types.Schema Make(string text)
    {
        GraphQLDocument document = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.All });
        DropRepeats(document);
        List<string> types = [.. document.Definitions.OfType<GraphQLObjectTypeDefinition>().Select(d => d.Name.StringValue)];
        List<string> scalars = [.. document.Definitions.OfType<GraphQLScalarTypeDefinition>().Select(d => d.Name.StringValue)];
        document.Definitions.RemoveAll(d => d is GraphQLScalarTypeDefinition);
        using StringWriter plain = new();
        new SDLPrinter().PrintAsync(document, plain).AsTask().GetAwaiter().GetResult();
        GraphQL.Types.Schema schema = GraphQL.Types.Schema.For(plain.ToString(), builder =>
        {
            foreach (string type in types)
            {
                builder.Types.For(type).IsTypeOfFunc = value => value is GraphNode node && node.Type == type;
            }
        });
        scalars.ForEach(s => schema.RegisterType(new AnyScalar(s)));
        schema.Initialize();
        foreach (FieldType field in schema.AllTypes.OfType<IObjectGraphType>().Where(t => !t.Name.StartsWith("__", StringComparison.Ordinal)).SelectMany(t => t.Fields))
        {
            field.Resolver = NodeResolver.Instance;
        }

        return schema;
    }

    // The published schema names some fields twice, which no reader takes.
    private static void DropRepeats(GraphQLDocument document)
    {
        foreach (GraphQLFieldsDefinition fields in document.Definitions.Select(d => d switch { GraphQLObjectTypeDefinition o => o.Fields, GraphQLInterfaceTypeDefinition i => i.Fields, _ => null }).OfType<GraphQLFieldsDefinition>())
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            fields.Items.RemoveAll(f => !seen.Add(f.Name.StringValue));
        }
    }

    private sealed class NodeResolver : IFieldResolver
    {
        public static NodeResolver Instance { get; } = new();

        public ValueTask<object?> ResolveAsync(IResolveFieldContext context)
        {
            string name = context.FieldDefinition.Name;
            if (context.Source is not GraphNode node || !node.TryGetValue(name, out Func<FieldArguments, object?>? value))
            {
                throw new GraphRefusal("NOT_SERVED", $"{context.ParentType.Name}.{name} is not served by the double");
            }

            Dictionary<string, object?> arguments = (context.Arguments ?? new Dictionary<string, GraphQL.Execution.ArgumentValue>()).ToDictionary(a => a.Key, a => a.Value.Value, StringComparer.Ordinal);
            return ValueTask.FromResult(value(new FieldArguments(arguments)));
        }
    }

    /// <summary>The forge's own scalars are texts or numbers that pass as they are.</summary>
    private sealed class AnyScalar : ScalarGraphType
    {
        public AnyScalar(string name) => Name = name;

        public override object? ParseLiteral(GraphQLValue value) => value switch
        {
            GraphQLStringValue text => text.Value.ToString(),
            GraphQLIntValue number => long.Parse(number.Value.Span),
            GraphQLNullValue => null,
            _ => ThrowLiteralConversionError(value),
        };

        public override object? ParseValue(object? value) => value;

        public override bool CanParseLiteral(GraphQLValue value) => value is GraphQLStringValue or GraphQLIntValue or GraphQLNullValue;

        public override bool CanParseValue(object? value) => value is null or string or long or int or DateTime or DateTimeOffset;
    }
}
