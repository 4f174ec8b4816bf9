namespace AgentWorkflow.Engine.Identity;

/// <summary>A person or bot on a forge. The number decides; the login is for people to read.</summary>
/// <param name="Id">The forge's numeric account id.</param>
/// <param name="Login">The login at the time of the event; never used to decide anything.</param>
/// <param name="Name">The display name, when known.</param>
public sealed record ActorId(long Id, string Login, string? Name = null);
