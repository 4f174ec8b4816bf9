using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Intake;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>What is a forge's own about the deliveries that a test makes: its settings, and how it proves them.</summary>
internal abstract record WebhookDialect(string Route, string Setting, string PreviousSetting, string Event)
{
    /// <summary>A GitHub App's.</summary>
    public static WebhookDialect GitHub { get; } = new GitHubDialect();

    /// <summary>A hook of GitLab with the plain token.</summary>
    public static WebhookDialect GitLabToken { get; } = new GitLabTokenDialect();

    /// <summary>A hook of GitLab with a signing token.</summary>
    public static WebhookDialect GitLabSigned { get; } = new GitLabSignedDialect();

    /// <summary>One by its name.</summary>
    public static WebhookDialect Named(string name) => name switch { nameof(GitHub) => GitHub, nameof(GitLabToken) => GitLabToken, _ => GitLabSigned };

    /// <summary>A secret of the forge's form, made of a word; what is no word stays as it is.</summary>
    public virtual string? SecretOf(string? word) => word;

    /// <summary>The headers of a delivery.</summary>
    public abstract IEnumerable<(string Header, string Value)> Headers(byte[] body, string name, string id, string secret);

    private sealed record GitHubDialect() : WebhookDialect(GitHubWebhooks.Route, "GitHub:WebhookSecret", "GitHub:PreviousWebhookSecret", "issue_comment")
    {
        public override IEnumerable<(string Header, string Value)> Headers(byte[] body, string name, string id, string secret) =>
        [
            ("X-GitHub-Event", name), ("X-GitHub-Delivery", id), ("X-GitHub-Hook-ID", "292430182"),
            (GitHubSignature.Header, GitHubSignature.Of(body, Encoding.UTF8.GetBytes(secret))),
        ];
    }

    private record GitLabTokenDialect(string Setting, string PreviousSetting) : WebhookDialect(GitLabWebhooks.Route, Setting, PreviousSetting, "Note Hook")
    {
        public GitLabTokenDialect()
            : this("GitLab:WebhookSecret", "GitLab:PreviousWebhookSecret")
        {
        }

        public override IEnumerable<(string Header, string Value)> Headers(byte[] body, string name, string id, string secret) =>
        [
            (GitLabWebhooks.EventHeader, name), (GitLabWebhooks.KeyHeader, id), ("X-Gitlab-Instance", "https://gitlab.example"), ("X-Gitlab-Webhook-UUID", "9b7b4f2c-0000-4000-8000-000000000001"),
            ("X-Gitlab-Event-UUID", "13792a34-cac6-4fda-95a8-c58e00a3954e"), (GitLabWebhooks.TokenHeader, secret),
        ];
    }

    private sealed record GitLabSignedDialect() : GitLabTokenDialect("GitLab:SigningToken", "GitLab:PreviousSigningToken")
    {
        public override string? SecretOf(string? word) => string.IsNullOrWhiteSpace(word) ? word : "whsec_" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(word)));

        // A hook may have both; the plain one is right here and must not matter.
        public override IEnumerable<(string Header, string Value)> Headers(byte[] body, string name, string id, string secret)
        {
            long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            return
            [
                .. base.Headers(body, name, id, WebhookServer.Secret),
                (StandardSignature.IdHeader, id), (StandardSignature.TimeHeader, now.ToString(CultureInfo.InvariantCulture)),
                (StandardSignature.Header, StandardSignature.Of(id, now, body, StandardSignature.KeyOf(secret) ?? [])),
            ];
        }
    }
}
