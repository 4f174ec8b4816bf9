using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>What stands in the repository: trees, files, archives, branches, comparisons.</summary>
internal static class RepositoryRoutes
{
    private const string Base = "/projects/{id}/repository";

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add($"GET {Base}/tree", Need.ReadCode, Tree);
        add($"GET {Base}/blobs/{{sha}}/raw", Need.ReadCode, c => c.Project.Git.Object(c["sha"]) is Blob blob ? Raw(blob) : Refusal.NotFound("Blob"));
        add($"GET {Base}/files/{{file_path}}", Need.ReadCode, c => File(c, (commit, path, blob) => Answer.Ok(Shape(c, commit, path, blob))));
        add($"GET {Base}/files/{{file_path}}/raw", Need.ReadCode, c => File(c, (_, _, blob) => Raw(blob)));
        foreach (string format in new[] { "tar.gz", "tar", "zip" })
        {
            add($"GET {Base}/archive.{format}", Need.ReadCode, c => Archive(c, format));
        }

        add($"GET {Base}/archive", Need.ReadCode, c => Archive(c, c.Asked("format") ?? "tar.gz"));
        add($"GET {Base}/branches", Need.ReadCode, Branches);
        add($"GET {Base}/branches/{{branch}}", Need.ReadCode, c => Branch(c, (name, commit) => Answer.Ok(c.Shapes.Branch(c.Project, name, commit, c.Caller.Token?.User))));
        add($"HEAD {Base}/branches/{{branch}}", Need.ReadCode, c => Branch(c, (_, _) => Answer.NoContent));
        add($"POST {Base}/branches", Need.Develop, CreateBranch);
        add($"DELETE {Base}/branches/{{branch}}", Need.Develop, DeleteBranch);
        add($"GET {Base}/compare", Need.ReadCode, Compare);
        add($"GET {Base}/merge_base", Need.ReadCode, MergeBase);
        add($"GET {Base}/tags", Need.ReadCode, c => c.Page(c.Project.Git.Refs().Where(r => r.Key.StartsWith("refs/tags/", StringComparison.Ordinal)), t => new JsonObject { ["name"] = t.Key["refs/tags/".Length..], ["target"] = t.Value, ["message"] = "", ["protected"] = false }));
    }

    /// <summary>A commit by a branch's name or a hash; a read may be behind.</summary>
    public static Commit? Resolve(Project project, string name) =>
        project.Git.Commit(project.Git.Read("refs/heads/" + name) ?? "") ?? project.Git.Commit(project.Git.Truth("refs/tags/" + name) ?? "") ?? (name.Length >= 7 && name.All(char.IsAsciiHexDigitLower) ? project.Git.Object(name) as Commit : null);

    private static Answer Raw(Blob blob)
    {
        using MemoryStream bytes = new();
        using Stream content = blob.GetContentStream();
        content.CopyTo(bytes);
        return new Answer(200) { Raw = bytes.ToArray() };
    }

    private static Answer Tree(RestCall call)
    {
        string name = call.Asked("ref") ?? call.Project.DefaultBranch;
        if (Resolve(call.Project, name) is not { } commit)
        {
            return Refusal.NotFound("Tree");
        }

        string under = (call.Asked("path") ?? "").Trim('/');
        LibGit2Sharp.Tree? tree = under.Length == 0 ? commit.Tree : commit[under]?.Target as LibGit2Sharp.Tree;
        if (tree is null)
        {
            return Refusal.NotFound("invalid revision or path");
        }

        List<(string Path, TreeEntry Entry)> entries = [.. Walk(tree, under.Length == 0 ? "" : under + "/", call.Yes("recursive"))];
        if (call.Asked("pagination") != "keyset")
        {
            return call.Page(entries, e => Entry(e.Path, e.Entry));
        }

        int size = Math.Clamp(call.Ask("per_page", 20), 1, 100);
        int start = call.Asked("page_token") is { } token ? entries.FindIndex(e => Mark(e.Path) == token) + 1 : 0;
        List<(string Path, TreeEntry Entry)> page = [.. entries.Skip(start).Take(size)];
        Answer answer = Answer.Ok(new JsonArray([.. page.Select(e => Entry(e.Path, e.Entry))]));
        if (start + size < entries.Count)
        {
            answer.Headers["Link"] = $"<{call.Address(("page_token", Mark(page[^1].Path)))}>; rel=\"next\"";
        }

        return answer;
    }

    private static string Mark(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..40];

    // Folders first, as GitLab lists a level.
    private static IEnumerable<(string Path, TreeEntry Entry)> Walk(LibGit2Sharp.Tree tree, string under, bool deep)
    {
        foreach (TreeEntry entry in tree.OrderBy(e => deep || e.TargetType == TreeEntryTargetType.Tree ? 0 : 1))
        {
            yield return (under + entry.Name, entry);
            if (deep && entry.Target is LibGit2Sharp.Tree folder)
            {
                foreach ((string Path, TreeEntry Entry) inner in Walk(folder, $"{under}{entry.Name}/", deep))
                {
                    yield return inner;
                }
            }
        }
    }

    private static JsonObject Entry(string path, TreeEntry entry) => new()
    {
        ["id"] = entry.Target.Sha,
        ["name"] = entry.Name,
        ["type"] = entry.TargetType switch { TreeEntryTargetType.Tree => "tree", TreeEntryTargetType.GitLink => "commit", _ => "blob" },
        ["path"] = path,
        ["mode"] = Convert.ToString((int)entry.Mode, 8).PadLeft(6, '0'),
    };

    private static Answer File(RestCall call, Func<Commit, string, Blob, Answer> serve)
    {
        string name = call.Asked("ref") ?? call.Project.DefaultBranch;
        Commit? commit = Resolve(call.Project, name == "HEAD" ? call.Project.DefaultBranch : name);
        return commit is null ? Refusal.NotFound("Commit") : commit[call["file_path"]]?.Target is Blob blob ? serve(commit, call["file_path"], blob) : Refusal.NotFound("File");
    }

    private static JsonObject Shape(RestCall call, Commit commit, string path, Blob blob)
    {
        byte[] bytes = Raw(blob).Raw!;
        return new JsonObject
        {
            ["file_name"] = path[(path.LastIndexOf('/') + 1)..],
            ["file_path"] = path,
            ["size"] = bytes.Length,
            ["encoding"] = "base64",
            ["content_sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            ["ref"] = call.Asked("ref") ?? call.Project.DefaultBranch,
            ["blob_id"] = blob.Sha,
            ["commit_id"] = commit.Sha,
            ["last_commit_id"] = call.Project.Git.LastCommit(commit.Sha, path),
            ["execute_filemode"] = commit[path]?.Mode == Mode.ExecutableFile,
            ["content"] = Convert.ToBase64String(bytes),
        };
    }

    private static Answer Archive(RestCall call, string format)
    {
        string name = call.Asked("sha") ?? call.Project.DefaultBranch;
        if (Resolve(call.Project, name) is not { } commit)
        {
            return Refusal.NotFound("File");
        }

        string? under = call.Asked("path");
        string prefix = $"{call.Project.Path}-{name.Replace('/', '-')}-{commit.Sha}{(under is null ? "" : "-" + under.Replace('/', '-'))}/";
        List<string> arguments = ["archive", "--format=" + format, "--prefix=" + prefix, commit.Sha];
        if (under is not null)
        {
            arguments.AddRange(["--", under]);
        }

        // Routes are plain functions: git ends before this does.
        byte[] bytes = GitProgram.ReadAsync(call.Project.Git.Path, arguments, CancellationToken.None).GetAwaiter().GetResult();
        return new Answer(200) { Raw = bytes, Headers = new(StringComparer.OrdinalIgnoreCase) { ["Content-Disposition"] = $"attachment; filename=\"{prefix.TrimEnd('/')}.{format}\"" } };
    }

    private static Answer Branches(RestCall call) => call.Page(
        call.Project.Git.Refs().Where(r => r.Key.StartsWith("refs/heads/", StringComparison.Ordinal) && r.Key.Contains(call.Asked("search") ?? "", StringComparison.Ordinal)
            && (call.Asked("regex") is not { } pattern || Regex.IsMatch(r.Key["refs/heads/".Length..], pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))),
        r => call.Shapes.Branch(call.Project, r.Key["refs/heads/".Length..], call.Project.Git.Commit(r.Value)!, call.Caller.Token?.User));

    private static Answer Branch(RestCall call, Func<string, Commit, Answer> serve) =>
        call.Project.Git.Commit(call.Project.Git.Read("refs/heads/" + call["branch"]) ?? "") is { } commit ? serve(call["branch"], commit) : Refusal.NotFound("Branch");

    private static Answer CreateBranch(RestCall call)
    {
        string name = call.Text("branch") ?? "";
        if (!GitStore.Valid("refs/heads/" + name))
        {
            return Refusal.Error(400, "Branch name is invalid");
        }

        if (call.Project.Git.Head(name) is not null)
        {
            return Refusal.Error(400, "Branch already exists");
        }

        if (Resolve(call.Project, call.Text("ref") ?? "") is not { } commit)
        {
            return Refusal.Error(400, "Invalid reference name: " + call.Text("ref"));
        }

        if (CommitRoutes.Forbids(call, name) is { } why)
        {
            return why;
        }

        call.World.SetRef(call.Project, "refs/heads/" + name, commit.Sha, call.Actor);
        return Answer.Created(call.Shapes.Branch(call.Project, name, commit, call.Actor));
    }

    private static Answer DeleteBranch(RestCall call)
    {
        if (call.Project.Git.Head(call["branch"]) is null)
        {
            return Refusal.NotFound("Branch");
        }

        if (call.Project.Protects(call["branch"]) is not null || call["branch"] == call.Project.DefaultBranch)
        {
            return Refusal.Error(405, "Protected branch can't be deleted");
        }

        call.World.SetRef(call.Project, "refs/heads/" + call["branch"], null, call.Actor);
        return Answer.NoContent;
    }

    private static Answer Compare(RestCall call)
    {
        if (Resolve(call.Project, call.Asked("from") ?? "") is not { } from || Resolve(call.Project, call.Asked("to") ?? "") is not { } to)
        {
            return Refusal.NotFound("Ref");
        }

        GitStore git = call.Project.Git;
        Commit? start = call.Yes("straight") ? from : git.Objects.FindMergeBase(from, to);
        List<Commit> commits = [.. git.Between(to.Sha, from.Sha)];
        using TreeChanges changes = git.Changes(start?.Tree, to.Tree);
        return Answer.Ok(new JsonObject
        {
            ["commit"] = commits.Count == 0 ? null : call.Shapes.Commit(call.Project, to),
            ["commits"] = new JsonArray([.. commits.AsEnumerable().Reverse().Select(c => call.Shapes.Commit(call.Project, c))]),
            ["diffs"] = new JsonArray([.. changes.Select(CommitRoutes.Diff)]),
            ["compare_timeout"] = false,
            ["compare_same_ref"] = from.Sha == to.Sha,
            ["web_url"] = $"{call.Shapes.Web}/{call.Project.FullPath}/-/compare/{from.Sha}...{to.Sha}",
        });
    }

    private static Answer MergeBase(RestCall call)
    {
        List<Commit?> ends = [.. call.Query["refs[]"].Concat(call.Query["refs"]).Select(r => Resolve(call.Project, r ?? ""))];
        return ends is [{ } one, { } other] && call.Project.Git.Objects.FindMergeBase(one, other) is { } found ? Answer.Ok(call.Shapes.Commit(call.Project, found)) : Refusal.NotFound("Merge Base");
    }
}
