namespace AgentWorkflow.Rig.Faults;

/// <summary>Something that a fault can keep out of sight for a number of reads.</summary>
public abstract class Sighted
{
    /// <summary>How many reads do not see it yet.</summary>
    public int HiddenReads { get; set; }

    /// <summary>Whether this read sees it; counts the read.</summary>
    public bool Seen()
    {
        if (HiddenReads <= 0)
        {
            return true;
        }

        HiddenReads--;
        return false;
    }
}
