namespace TarsEngine.Validation.Tampering;

/// <summary>What the assertions of one method come to.</summary>
/// <param name="Count">Those that can fail.</param>
/// <param name="Strength">The sum of how much each asks: an equality more than 'not null'.</param>
/// <param name="Unconditional">Those that stand under no condition.</param>
/// <param name="Idle">Those that can't fail, are never reached, or whose failure is swallowed.</param>
internal sealed record AssertTally(int Count, int Strength, int Unconditional, int Idle)
{
    public static AssertTally None { get; } = new(0, 0, 0, 0);
}
