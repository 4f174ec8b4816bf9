using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Projects.Api;

public sealed class ApiPlanTests
{
    [Fact]
    public void Resources_Are_Paths_In_Kebab_Case_And_Fields_Are_Camel_Case()
    {
        var plan = ApiPlan.From(Ideas.Library());

        Assert.Equal(["/authors", "/books", "/members", "/loan-requests"], plan.Resources.Select(resource => resource.Path));
        Assert.Equal(["book", "member", "dueDate", "note"], plan.Resources[3].Fields.Select(field => field.JsonName));
        Assert.Equal("due_date", plan.Resources[3].Fields[2].Column);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void No_Entities_Give_An_Empty_Plan()
    {
        var plan = ApiPlan.From(Ideas.Of());

        Assert.Empty(plan.Resources);
        Assert.Empty(plan.Tests);
    }

    [Fact]
    public void Every_Sample_Keeps_The_Rules_And_Unique_Ones_Differ()
    {
        var isbn = ApiPlan.From(Ideas.Library()).Resources[1].Fields[1];

        Assert.Equal(
            [new SampleValue.Literal("\"000-0000000000\""), new SampleValue.Literal("\"100-0000000000\""), new SampleValue.Literal("\"200-0000000000\"")],
            isbn.Samples);
    }

    [Fact]
    public void Each_Rule_Has_A_Refusal_And_Each_Bound_An_Edge()
    {
        var plan = ApiPlan.From(Ideas.Library());
        var names = plan.TestsOf(plan.Resources[1]).Select(test => test.Name.Spaced).ToList();

        string[] expected =
        [
            "creates", "creates with defaults", "lists and pages", "filters by condition", "sorts by pages", "refuses missing title", "refuses blank title",
            "refuses wrong type of pages", "refuses too short title", "accepts least title", "refuses too long title", "accepts greatest title",
            "refuses not matching isbn", "refuses duplicate isbn", "refuses change of isbn", "refuses unknown author", "refuses unknown value of condition",
            "refuses too small pages", "refuses too large pages", "refuses bad format of price", "refuses delete while loan request refers by book",
        ];
        Assert.Empty(expected.Except(names));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public void References_Are_Created_In_Order_And_A_Self_Reference_Is_Left_Out_Of_Samples()
    {
        var plan = ApiPlan.From(Ideas.Of(
            Ideas.Entity("Task", Ideas.Reference("parent", "Task"), Ideas.Reference("project", "Project", required: true)),
            Ideas.Entity("Project", Ideas.Field("name", FieldKind.Text, required: true))));

        Assert.Equal([1, 0], plan.CreationOrder);
        Assert.Equal(["project"], plan.Resources[0].Body(0).Select(member => member.JsonName));
        Assert.Contains(plan.Tests, test => test is { Kind: TestKind.RefusesDeleteWhileReferenced, Resource: 0, Holder: 0 });
    }

    [Fact]
    public void A_Ring_Of_Required_References_Is_Opened_With_A_Note()
    {
        var plan = ApiPlan.From(Ideas.Of(
            Ideas.Entity("Egg", Ideas.Reference("hen", "Hen", required: true)),
            Ideas.Entity("Hen", Ideas.Reference("egg", "Egg", required: true)),
            Ideas.Entity("Snake", Ideas.Reference("tail", "Snake", required: true))));

        Assert.Equal(3, plan.CreationOrder.Count);
        Assert.Equal(2, plan.Notes.Count);
        Assert.False(plan.Resources[0].Fields[0].Required);
        Assert.True(plan.Resources[1].Fields[0].Required);
    }

    [Fact]
    public void A_Unique_Field_With_Few_Values_Limits_How_Many_Are_Created()
    {
        var plan = ApiPlan.From(Ideas.Of(
            Ideas.Entity("Flag", Ideas.Field("on", FieldKind.Boolean, required: true) with { Unique = true }),
            Ideas.Entity("Use", Ideas.Reference("flag", "Flag", required: true) with { Unique = true })));

        Assert.Equal([2, 2], plan.Resources.Select(resource => resource.Capacity));
        Assert.All(plan.Tests, test => Assert.All(test.Before, sample => Assert.True(sample < 2)));
    }

    [Fact]
    public void Rules_That_Contradict_Each_Other_Are_Left_Out_With_A_Note()
    {
        var plan = ApiPlan.From(Ideas.Of(Ideas.Entity(
            "Thing",
            Ideas.Field("code", FieldKind.Text) with { Pattern = "^[A-Z]{3}$", MinLength = 10 },
            Ideas.Field("size", FieldKind.Integer) with { Min = 5, Max = 3 },
            Ideas.Field("flag", FieldKind.Boolean) with { MaxLength = 3, Default = "perhaps" },
            Ideas.Field("look", FieldKind.Text) with { Pattern = "(?<=x)y(" })));

        Assert.Equal(5, plan.Notes.Count);
        Assert.All(plan.Resources[0].Fields, field => Assert.Empty(field.Rules));
    }

    [Fact]
    public void A_Story_Claims_Only_Its_Operations_And_The_Criteria_That_A_Case_Checks()
    {
        var stories = ApiPlan.From(Ideas.Library()).Stories;

        Assert.Equal(["POST /books", "GET /books"], stories[0].Operations);
        Assert.Equal(["refuses missing title"], stories[0].Criteria[0].Select(test => test.Name.Spaced));
        Assert.Equal(["refuses duplicate isbn"], stories[0].Criteria[1].Select(test => test.Name.Spaced));
        Assert.Equal(2, stories[0].CriteriaCovered);
        Assert.Empty(stories[2].Operations);
        Assert.Empty(stories[2].Tests);
    }

    [Fact]
    public void Samples_Pass_And_Refused_Values_Fail_For_Every_Type_And_Rule()
    {
        var plan = ApiPlan.From(EveryRule.Idea());

        foreach (var test in plan.Tests.Where(test => test is { Field: not null, Body.Count: > 0, Verb: Verb.Create, Holder: null }))
        {
            var member = test.Body.FirstOrDefault(m => m.JsonName == test.Field!.JsonName);
            if (member?.Value is SampleValue.Literal literal && test.Field!.Target is null)
            {
                var failures = RuleCheck.Failures(test.Field!, literal.Json);
                Assert.True(test.Status == 422 ? failures.Contains(test.ErrorCode!) : failures.Count == 0, $"{test.Name}: {literal.Json}");
            }
        }
    }
}
