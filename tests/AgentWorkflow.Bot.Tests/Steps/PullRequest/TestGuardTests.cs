using AgentWorkflow.Bot.Steps.PullRequest;
using AgentWorkflow.Bot.Tests.Steps.Command;

namespace AgentWorkflow.Bot.Tests.Steps.PullRequest;

public sealed class TestGuardTests
{
    [Theory]
    [InlineData("tests/A.Tests/BookTests.cs", "[Fact] public void A() { Assert.Equal(1, x); Assert.True(y); }", "[Fact] public void A() { Assert.Equal(1, x); }")]
    [InlineData("src/book.test.js", "test('a', () => { expect(1).toBe(1); expect(2).toBe(2); });", "test('a', () => { expect(1).toBe(1); });")]
    [InlineData("src/book.spec.ts", "it('a', () => { assert.equal(1, 1) })", "it('a', () => { })")]
    [InlineData("tests/test_book.py", "def test_a(self):\n    self.assertEqual(1, 1)\n", "def test_a(self):\n    pass\n")]
    [InlineData("test_book.py", "def test_a():\n    assert a\n", "def test_a():\n    # assert a\n    pass\n")]
    [InlineData("book_test.go", "func TestA(t *testing.T) { t.Fatal(1) }", "func TestA(t *testing.T) { }")]
    [InlineData("book_test.go", "func TestA(t *testing.T) { }\nfunc TestB(t *testing.T) { }", "func TestA(t *testing.T) { }")]
    public async Task Fewer_Checks_Are_Weaker(string path, string before, string after)
    {
        TestGuardFindings found = await InspectAsync(path, before, after);

        Assert.Equal([path], found.Changed);
        Assert.Equal([path], found.Weakened);
        Assert.True(found.IsWeaker);
    }

    [Theory]
    [InlineData("tests/BookTests.cs", "[Fact] public void A() {}", "[Fact(Skip = \"later\")] public void A() {}")]
    [InlineData("tests/BookTests.cs", "[Test] public void A() {}", "[Test, Ignore(\"x\")] [Ignore] public void A() {}")]
    [InlineData("a.test.ts", "it('a', f)", "it.skip('a', f)")]
    [InlineData("a.test.ts", "it('a', f)", "it.only('a', f)")]
    [InlineData("a.test.js", "it('a', f)", "xit('a', f); it('b', f)")]
    [InlineData("a.test.js", "test('a', f)", "test('a', { skip: true }, f)")]
    [InlineData("test_a.py", "def test_a(): pass", "@unittest.skip('x')\ndef test_a(): pass")]
    [InlineData("test_a.py", "def test_a(): pass", "@pytest.mark.xfail\ndef test_a(): pass")]
    [InlineData("a_test.go", "func TestA(t *testing.T) { }", "func TestA(t *testing.T) { t.Skip() }")]
    public async Task New_Skips_Are_Named(string path, string before, string after)
    {
        TestGuardFindings found = await InspectAsync(path, before, after);

        Assert.Equal([path], found.Skipped);
        Assert.True(found.IsWeaker);
        Assert.False(found.SkippedBefore);
    }

    [Fact]
    public async Task Deleted_Tests_And_Ci_Files_Are_Named()
    {
        FolderWorkspace before = new FolderWorkspace().With("tests/test_a.py", "assert 1").With(".gitlab-ci.yml", "a").With("src/a.py", "x");
        FolderWorkspace after = new FolderWorkspace().With(".github/workflows/ci.yml", "b").With("src/a.py", "y");

        TestGuardFindings found = await InspectAsync(before, after);

        Assert.Equal(["tests/test_a.py"], found.Deleted);
        Assert.Equal([".github/workflows/ci.yml", ".gitlab-ci.yml"], found.CiFiles);
        Assert.True(found.IsWeaker);
    }

    [Fact]
    public async Task More_Checks_And_New_Tests_Are_Not_Weaker()
    {
        FolderWorkspace before = new FolderWorkspace().With("tests/test_a.py", "def test_a():\n    assert 1\n");
        FolderWorkspace after = new FolderWorkspace().With("tests/test_a.py", "def test_a():\n    assert 1\n    assert 2\n").With("tests/test_b.py", "pass");

        TestGuardFindings found = await InspectAsync(before, after);

        Assert.False(found.IsWeaker);
        Assert.Equal(["tests/test_a.py"], found.Changed);
    }

    [Fact]
    public async Task Large_Files_And_Files_That_Are_No_Text_Are_Named_And_Not_Read()
    {
        string large = new('a', (int)TestGuard.MostBytes + 1);
        FolderWorkspace before = new FolderWorkspace().With("tests/large.txt", large).With("tests/data.bin", "a\0assert b");
        FolderWorkspace after = new FolderWorkspace().With("tests/large.txt", $"{large}b").With("tests/data.bin", "a\0");

        TestGuardFindings found = await InspectAsync(before, after);

        Assert.Equal(["tests/data.bin", "tests/large.txt"], found.Unread);
        Assert.False(found.IsWeaker);
    }

    [Theory]
    [InlineData("src/contest/a.cs", false)]
    [InlineData("src/latest.py", false)]
    [InlineData("src/Library.Tests/LoanTests.cs", true)]
    [InlineData("src/__tests__/a.js", true)]
    [InlineData("spec/a.rb", true)]
    public void Tests_Are_Known_By_Their_Place(string path, bool expected) => Assert.Equal(expected, TestGuard.IsTest(path));

    private static Task<TestGuardFindings> InspectAsync(string path, string before, string after) =>
        InspectAsync(new FolderWorkspace().With(path, before), new FolderWorkspace().With(path, after));

    private static Task<TestGuardFindings> InspectAsync(FolderWorkspace before, FolderWorkspace after) => TestGuard.InspectAsync(
        before.Tree, after, (path, _) => before.OpenReadAsync(path, CancellationToken.None).GetAwaiter().GetResult(), TestContext.Current.CancellationToken);
}
