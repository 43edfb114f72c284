namespace TarsEngine.Permissions;

/// <summary>What policy says to one thing; ordered, so that the strictest of several is the greatest.</summary>
public enum Decision
{
    /// <summary>It may happen.</summary>
    Allow,

    /// <summary>A person must look first.</summary>
    Review,

    /// <summary>It does not happen.</summary>
    Deny,
}
