namespace TarsEngine.Sandbox.Layers;

/// <summary>How layers can be put on top of each other here.</summary>
public enum OverlayKind
{
    /// <summary>Not at all: each workspace is a copy.</summary>
    None,

    /// <summary>An overlay, mounted as root.</summary>
    Root,

    /// <summary>An overlay, mounted in a user namespace of its own.</summary>
    User,
}
