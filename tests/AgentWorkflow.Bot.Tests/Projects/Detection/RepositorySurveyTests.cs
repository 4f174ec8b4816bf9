using System.Text;

using AgentWorkflow.Bot.Projects.Detection;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Projects.Detection;

public sealed class RepositorySurveyTests
{
    private const string NodeJunit = "node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=agentworkflow-junit.xml";

    [Theory]
    [InlineData("package.json", """{ "scripts": { "test": "node --test" } }""", "Node.js in the root | Said |  | " + NodeJunit + " | agentworkflow-junit.xml")]
    [InlineData("package.json", """{ "scripts": { "test": "node --test lib/a.test.js" } }""", "Node.js in the root | Said |  | " + NodeJunit + " lib/a.test.js | agentworkflow-junit.xml")]
    [InlineData("package.json", """{ "scripts": { "test": "node --test && rm -rf /" } }""", "Node.js in the root | Said |  | npm test | ")]
    [InlineData("package.json", """{ "scripts": { "pretest": "tsc", "test": "node --test" } }""", "Node.js in the root | Said |  | npm test | ")]
    [InlineData("package.json", """{ "scripts": { "test": "mocha" }, "devDependencies": { "mocha": "1" } }""", "Node.js in the root | Said | npm install --no-package-lock --no-audit --no-fund | npx --no-install mocha --reporter xunit --reporter-option output=agentworkflow-junit.xml | agentworkflow-junit.xml")]
    [InlineData("package.json", """{ "scripts": { "test": "echo \"Error: no test specified\" && exit 1" } }""", "Node.js in the root | Guessed |  |  | ")]
    [InlineData("package.json", """{ "scripts": { "build": "tsc" } }""", "Node.js in the root | Guessed |  | npm run build | ")]
    [InlineData("web/package.json", """{ "scripts": { "test": "node --test" } }""", "Node.js in web | Said |  | " + NodeJunit + " | web/agentworkflow-junit.xml")]
    [InlineData("go.mod", "module a", "Go in the root | Likely |  | go test ./... | ")]
    [InlineData("Cargo.toml", "[workspace]\nmembers = []", "Rust in the root | Likely | cargo fetch | cargo test --offline --workspace | ")]
    [InlineData("pom.xml", "<project/>", "Java in the root | Likely | mvn -B -q dependency:go-offline | mvn -B -o test | **/target/surefire-reports/*.xml target/surefire-reports/*.xml")]
    [InlineData("build.gradle.kts", "", "Java in the root | Likely | gradle --no-daemon testClasses | gradle --no-daemon --offline test | **/build/test-results/**/*.xml build/test-results/**/*.xml")]
    [InlineData("Makefile", "all:\n\techo\ntest: all\n\techo\n", "make in the root | Likely |  | make test | ")]
    [InlineData("sub/Makefile", "check:\n\techo\n", "make in sub | Likely |  | make check | ")]
    [InlineData("Makefile", "test := a\nall:\n", "")]
    [InlineData("pyproject.toml", "[project]\nname = 'a'\n", "Python in the root | Guessed |  |  | ")]
    [InlineData("App.csproj", "<Project/>", ".NET in the root | Guessed | dotnet restore | dotnet build --no-restore | ")]
    [InlineData("App.csproj", "<PackageReference Include=\"xunit\" />", ".NET in the root | Likely | dotnet restore | dotnet build --no-restore && dotnet test --no-build --logger trx | **/TestResults/*.trx TestResults/*.trx")]
    [InlineData("node_modules/a/package.json", """{ "scripts": { "test": "x" } }""", "")]
    [InlineData(".hidden/package.json", """{ "scripts": { "test": "x" } }""", "")]
    [InlineData("src/main.c", "int main;", "")]
    [InlineData("README.md", "# A", "empty")]
    [InlineData("LICENSE.txt", "MIT", "empty")]
    [InlineData(".agentworkflow/workflows/a.yml", "name: a", "empty")]
    [InlineData(".github/agentworkflow/workflows/a.yml", "name: a", "empty")]
    [InlineData("docs/README.md", "# A", "")]
    public async Task One_File_Says_What_There_Is(string path, string text, string expected) =>
        Assert.Equal(expected, Survey.Told(await Survey.OfAsync((path, text))));

    [Fact]
    public async Task A_Package_Is_Installed_As_Its_Lock_File_Says()
    {
        const string Package = """{ "scripts": { "test": "jest" }, "dependencies": { "a": "1" } }""";

        Assert.Contains("| npm ci --no-audit --no-fund | npm test |", Survey.Told(await Survey.OfAsync(("package.json", Package), ("package-lock.json", "{}"))), StringComparison.Ordinal);
        Assert.Contains("| pnpm install --frozen-lockfile | pnpm test |", Survey.Told(await Survey.OfAsync(("package.json", Package), ("pnpm-lock.yaml", ""))), StringComparison.Ordinal);
        Assert.Contains("| yarn install --frozen-lockfile | yarn test |", Survey.Told(await Survey.OfAsync(("package.json", Package), ("yarn.lock", ""))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requirements.txt", "flask\n", "tests/test_a.py", "python3 -m venv .venv && .venv/bin/python -m pip install --quiet -r requirements.txt | .venv/bin/python -B -m unittest discover -s tests | ")]
    [InlineData("requirements.txt", "pytest\n", "tests/test_a.py", "python3 -m venv .venv && .venv/bin/python -m pip install --quiet -r requirements.txt && .venv/bin/python -m pip install --quiet pytest | .venv/bin/python -B -m pytest -p no:cacheprovider --junitxml=agentworkflow-junit.xml tests | agentworkflow-junit.xml")]
    [InlineData("setup.cfg", "", "test/test_a.py", " | python3 -B -m unittest discover -s test | ")]
    [InlineData("notes.txt", "", "tests/test_a.py", " | python3 -B -m unittest discover -s tests | ")]
    public async Task Python_Is_Tested_By_What_Its_Files_Name(string manifest, string text, string test, string commands) =>
        Assert.Equal($"Python in the root | Likely | {commands}", Survey.Told(await Survey.OfAsync((manifest, text), (test, "pass"))));

    [Fact]
    public async Task A_Project_That_This_Program_Made_Is_Tested_As_It_Was()
    {
        RepositorySurvey survey = await Survey.OfAsync(("pyproject.toml", "[project]"), ("tests/__main__.py", ""), ("tests/test_a.py", ""));

        Assert.Equal("Python in the root | Said |  | python3 -B -m tests | test-results/*.xml", Survey.Told(survey));
    }

    [Fact]
    public async Task A_Solution_Covers_What_Is_Below_It_And_The_Runner_Gets_Its_Words()
    {
        RepositorySurvey survey = await Survey.OfAsync(
            ("a/A.slnx", "<Solution/>"),
            ("a/src/A.csproj", "<Project/>"),
            ("a/tests/T.csproj", "<PackageReference Include=\"xunit.v3\" /><PackageReference Include=\"Microsoft.Testing.Extensions.TrxReport\" />"),
            ("a/global.json", """{ "test": { "runner": "Microsoft.Testing.Platform" } }"""),
            ("b/B.csproj", "<Project/>"));

        Assert.Equal(
            ".NET in a | Likely | dotnet restore | dotnet build --no-restore && dotnet test --no-build --report-trx | a/**/TestResults/*.trx a/TestResults/*.trx\n"
            + ".NET in b | Guessed | dotnet restore | dotnet build --no-restore | ",
            Survey.Told(survey));
    }

    [Fact]
    public async Task A_Monorepo_Has_Its_Projects_Each_In_Its_Folder_And_A_Workspace_Is_One()
    {
        RepositorySurvey survey = await Survey.OfAsync(
            ("package.json", """{ "workspaces": ["packages/*"], "scripts": { "test": "npm test --workspaces" } }"""),
            ("packages/a/package.json", """{ "scripts": { "test": "node --test" } }"""),
            ("services/x/pyproject.toml", "[project]"),
            ("services/x/tests/test_a.py", ""),
            ("services/y/go.mod", "module y"),
            ("Makefile", "test:\n\tnpm test\n"));

        Assert.Equal(["Node.js in the root", "Python in services/x", "Go in services/y"], survey.Projects.Select(p => p.Title));
    }

    [Fact]
    public async Task Ci_Is_A_Hint_And_No_More()
    {
        (string, string) package = ("package.json", """{ "scripts": { "build": "tsc", "test": "node --test" } }""");
        RepositorySurvey hinted = await Survey.OfAsync(package, (".github/workflows/build.yml", "jobs: { a: { steps: [ { run: npm run build }, { run: npm test } ] } }"));
        RepositorySurvey alone = await Survey.OfAsync(("main.zig", ""), (".gitlab-ci.yml", "test: { script: [zig build test] }"));

        FoundProject found = Assert.Single(hinted.Projects);
        Assert.EndsWith("and .github/workflows/build.yml runs the like", found.Why, StringComparison.Ordinal);
        Assert.Equal(["npm", "run", "build"], found.Test[0]);
        Assert.Empty(alone.Projects);
        Assert.Contains("CI configuration, which is never run here", Assert.Single(alone.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_Projects_Than_Are_Looked_At_Are_Named()
    {
        RepositorySurvey survey = await Survey.OfAsync([.. Enumerable.Range(10, 12).Select(n => ($"s{n}/go.mod", "module a"))]);

        Assert.Equal(8, survey.Projects.Count);
        Assert.Contains("12 projects were found; the first 8 are looked at, and not Go in s18, Go in s19", Assert.Single(survey.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Is_Too_Large_Or_Broken_Is_Said_And_Not_Guessed()
    {
        RepositorySurvey large = await Survey.OfAsync(("package.json", $$"""{ "scripts": { "test": "node --test" }, "x": "{{new string('a', 10 << 20)}}" }"""));
        RepositorySurvey deep = await Survey.OfAsync(("package.json", new string('[', 100_000)));
        RepositorySurvey half = await Survey.OfAsync(("package.json", """{ "scripts": { "test": "\ud800" } }"""));
        RepositorySurvey bytes = await Survey.OfAsync([("package.json", [0xff, 0xfe, (byte)'{', 0x80, (byte)'}'])]);

        Assert.Contains("larger than 256 KiB", Assert.Single(large.Notes), StringComparison.Ordinal);
        Assert.All([large, deep, half, bytes], s => Assert.Empty(Assert.Single(s.Projects).Test));
        Assert.Contains("not the JSON of a package", Assert.Single(deep.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void No_Bytes_Break_It_And_Every_Command_Is_A_Program_With_Arguments()
    {
        string[] names =
            ["package.json", "pyproject.toml", "setup.cfg", "requirements.txt", "go.mod", "Cargo.toml", "pom.xml", "Makefile", "A.sln", "A.csproj", "global.json", "tests/test_a.py", "tests/__main__.py", ".github/workflows/a.yml", "build.gradle"];
        string[] bits = ["{", "}", "[", "]", "\"scripts\"", ":", "\"test\"", "\"node --test \"", ",", "\"workspaces\"", "true", "\\ud800", "[tool.pytest]", "test:", "check:", "\n", "\0", "é", "xunit", "npm test"];
        Gen<byte[]> text = Gen.OneOf(Gen.Byte.Array[0, 200], One(bits).Array[0, 40].Select(b => Encoding.UTF8.GetBytes(string.Concat(b))));
        Gen<(string Path, byte[] Content)> file = Gen.Select(One("", "a/", "a/b/", "node_modules/", "x y/", "[z]/"), One(names), text).Select((folder, name, content) => (folder + name, content));

        file.Array[0, 12].Sample(files =>
        {
            RepositorySurvey survey = Survey.OfAsync(files).GetAwaiter().GetResult();
            return survey.Projects.SelectMany(p => p.Install.Concat(p.Test)).All(c => c.Count > 0 && c[0].Length > 0 && !c.Any(a => a.Contains('\0', StringComparison.Ordinal)));
        });
    }

    private static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
