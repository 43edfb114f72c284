namespace TarsAutonomy.Tasks;

/// <summary>One line of a file, with the place of its bytes.</summary>
/// <param name="Number">1 is the first.</param>
/// <param name="Start">Of its first byte.</param>
/// <param name="End">Behind its last byte that is not of its line end.</param>
/// <param name="Next">Behind its line end.</param>
/// <param name="Text">As it stands there, without its line end.</param>
internal sealed record PlanLine(int Number, int Start, int End, int Next, string Text);
