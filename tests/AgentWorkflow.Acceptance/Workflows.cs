namespace AgentWorkflow.Acceptance;

/// <summary>Workflow files for tests.</summary>
internal static class Workflows
{
    /// <summary>A workflow with one command in place of the project's own tests.</summary>
    public static string Of(string name, string command, bool approval = false) => $$$"""
        name: {{{name}}}
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - id: requirements
            uses: agent
            with: { role: requirements, input: '${{ event.issue.body }}', schema: requirements }
          - id: scaffold
            uses: file_generation
            with: { template: python-api, values: '${{ steps.requirements.outputs }}' }
          - id: verify
            uses: command
            with: { run: [[{{{command}}}]] }
        {{{(approval ? "  - { id: ask, uses: approval }" : "")}}}
          - id: publish
            uses: pull_request
        """;

    /// <summary>Every kind of effect with as few steps as verification allows.</summary>
    public const string Short = """
        name: short
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - id: requirements
            uses: agent
            with: { role: requirements, input: '${{ event.issue.body }}', schema: requirements }
          - id: scaffold
            uses: file_generation
            with: { template: python-api, values: '${{ steps.requirements.outputs }}' }
          - id: code
            uses: agent
            needs: [scaffold]
            with: { role: code, input: '${{ steps.requirements.outputs }}', writes: ['src/**'] }
          - id: tests
            uses: agent
            needs: [scaffold]
            with: { role: tests, input: '${{ steps.requirements.outputs }}', writes: ['tests/**'] }
          - id: verify
            uses: command
            needs: [code, tests]
            with:
              run: ${{ steps.scaffold.outputs.verify }}
              reports: ${{ steps.scaffold.outputs.reports }}
          - id: publish
            uses: pull_request
          - id: archive
            uses: export
            with: { formats: [zip] }
        """;

    /// <summary>The same kinds of steps and effects, with a command that costs nothing: for tests that start the program hundreds of times.</summary>
    public const string Swift = """
        name: swift
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - id: requirements
            uses: agent
            with: { role: requirements, input: '${{ event.issue.body }}', schema: requirements }
          - id: scaffold
            uses: file_generation
            with: { template: python-api, values: '${{ steps.requirements.outputs }}' }
          - id: code
            uses: agent
            needs: [scaffold]
            with: { role: code, input: '${{ steps.requirements.outputs }}', writes: ['src/**'] }
          - id: tests
            uses: agent
            needs: [scaffold]
            with: { role: tests, input: '${{ steps.requirements.outputs }}', writes: ['tests/**'] }
          - id: verify
            uses: command
            needs: [code, tests]
            with: { run: [[sh, -c, "printf 'ok 1 - quick\\n1..1\\n' > quick.tap"]], reports: [quick.tap] }
          - id: publish
            uses: pull_request
          - id: archive
            uses: export
            with: { formats: [zip] }
        """;

    /// <summary>A new repository with its stories as issues, and archives of the same files; no pull request.</summary>
    public const string New = """
        name: new
        on: { manual: true }
        inputs: { name: { type: string, required: true } }
        permissions: { contents: write, issues: write }
        steps:
          - id: requirements
            uses: agent
            with: { role: requirements, input: '${{ event.issue.body }}', schema: requirements }
          - id: scaffold
            uses: file_generation
            with: { template: python-api, values: '${{ steps.requirements.outputs }}' }
          - id: repository
            uses: repo_creation
            needs: [scaffold]
            with:
              name: ${{ inputs.name }}
              topics: [generated]
              labels: [{ name: story, color: 0e8a16 }]
              protect: true
              stories: ${{ steps.requirements.outputs.stories }}
              milestone: First version
          - id: archives
            uses: export
            with: { formats: [zip, tar, tar.gz], name: pets }
        """;

    /// <summary>As few steps as lead to a pull request, and no command: for tests with hundreds of runs.</summary>
    public const string Quick = """
        name: quick
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - id: files
            uses: file_generation
            with: { files: { made/pets.txt: 'cats and dogs' } }
          - id: publish
            uses: pull_request
        """;

    /// <summary>The same with a command.</summary>
    public const string Checked = """
        name: checked
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - id: files
            uses: file_generation
            with: { files: { made/pets.txt: 'cats and dogs' } }
          - id: verify
            uses: command
            with: { run: [[sh, -c, "printf 'ok 1 - quick\\n1..1\\n' > quick.tap"]], reports: [quick.tap] }
          - id: publish
            uses: pull_request
        """;
}
