using GraphQL.Types;
using GraphQL.Validation;

using GraphQLParser.AST;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary>
/// A variable's type must be the type of the place where it stands. The library's own rule takes any two types that are not null for
/// the same, and GitHub does not: a <c>String!</c> where a <c>GitObjectID!</c> belongs is refused there.
/// </summary>
internal sealed class VariableTypes : ValidationRuleBase
{
    private static readonly MatchingNodeVisitor<GraphQLOperationDefinition> Visitor = new(leave: Check);

    public override ValueTask<INodeVisitor?> GetPreNodeVisitorAsync(ValidationContext context) => ValueTask.FromResult<INodeVisitor?>(Visitor);

    private static void Check(GraphQLOperationDefinition operation, ValidationContext context)
    {
        foreach (VariableUsage usage in context.GetRecursiveVariables(operation) ?? [])
        {
            GraphQLVariableDefinition? definition = operation.Variables?.Items.Find(v => v.Variable.Name == usage.Node.Name);
            if (definition is not null && !Fits(definition.Type, definition.DefaultValue is not null, usage.Type))
            {
                context.ReportError(new ValidationError(context.Document.Source, "5.8.5", $"Type mismatch on variable ${usage.Node.Name.StringValue}: the place expects {usage.Type}.", usage.Node));
            }
        }
    }

    private static bool Fits(GraphQLType said, bool hasDefault, IGraphType? wanted) => (said, wanted) switch
    {
        (GraphQLNonNullType one, NonNullGraphType two) => Fits(one.Type, hasDefault: false, two.ResolvedType),
        (_, NonNullGraphType two) => hasDefault && Fits(said, hasDefault: false, two.ResolvedType),
        (GraphQLNonNullType one, _) => Fits(one.Type, hasDefault: false, wanted),
        (GraphQLListType one, ListGraphType two) => Fits(one.Type, hasDefault: false, two.ResolvedType),
        (GraphQLNamedType one, not ListGraphType) => one.Name.StringValue == wanted?.Name,
        _ => false,
    };
}
