namespace TarsEngine.Journey;

/// <summary>What a stage of the journey gave: a value to go on with, or the outcome that ends the journey here.</summary>
internal readonly struct Stage<T>
{
    private readonly T? value;

    private Stage(T? value, ExecutionOutcome? stop) => (this.value, Stop) = (value, stop);

    /// <summary>Not null when the journey ends here.</summary>
    public ExecutionOutcome? Stop { get; }

    public T Value => Stop is null ? value! : throw new InvalidOperationException("The journey ended here: there is no value.");

    public static implicit operator Stage<T>(T value) => new(value, null);

    public static implicit operator Stage<T>(ExecutionOutcome stop) => new(default, stop);
}
