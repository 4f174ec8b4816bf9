namespace AgentWorkflow.Engine.Identity;

/// <summary>Where random ids come from, so that tests own the randomness.</summary>
public interface IRandomSource
{
    /// <summary>Crockford's 32 characters in lower case: no <c>i</c>, <c>l</c>, <c>o</c>, <c>u</c>, which people misread.</summary>
    public const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A text of <paramref name="length"/> characters of base32, five bits each.</summary>
    string NextBase32(int length);
}
