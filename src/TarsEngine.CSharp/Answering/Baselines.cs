using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Answering;

/// <summary>What there was without any change: messages, and the files that the build made. Each looked up once.</summary>
internal sealed class Baselines(ProjectSet projects)
{
    private readonly Dictionary<(Project, bool), IReadOnlyList<Message>> messages = [];
    private readonly Dictionary<string, byte[]> made = new(StringComparer.Ordinal);
    private readonly Dictionary<Project, byte[]> surfaces = [];
    private readonly Dictionary<string, IReadOnlyList<string>> copies = new(StringComparer.Ordinal);

    public IReadOnlyList<Message> Of(Project project, bool analyzers)
    {
        if (messages.TryGetValue((project, analyzers), out var known)) return known;
        var inputs = projects.All.First(inputs => inputs.Invocation == project.Invocation);
        return messages[(project, analyzers)] = Messages.Of(Stages.Run(project, project.Base, analyzers, CancellationToken.None).Diagnostics, inputs);
    }

    /// <summary>A file as the build made it.</summary>
    public byte[] Made(string path)
    {
        if (!made.TryGetValue(path, out var bytes)) made[path] = bytes = File.ReadAllBytes(path);
        return bytes;
    }

    /// <summary>Writes over what the build made, and over its copies; how that was stays known.</summary>
    public void Write(string path, byte[] bytes)
    {
        var before = Made(path);
        if (!copies.TryGetValue(path, out var places))
        {
            copies[path] = places =
            [
                .. Directory.EnumerateFiles(projects.Root, Path.GetFileName(path), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
                    .Where(place => File.ReadAllBytes(place).AsSpan().SequenceEqual(before)),
            ];
        }
        foreach (var place in places) File.WriteAllBytes(place, bytes);
    }

    /// <summary>Whether a compilation offers others just what the build's did.</summary>
    public bool HasSameSurface(Project project, CSharpCompilation compilation)
    {
        if (!surfaces.TryGetValue(project, out var surface)) surfaces[project] = surface = SurfaceOf(project.Base.Compilation);
        return SurfaceOf(compilation).AsSpan().SequenceEqual(surface);
    }

    private static byte[] SurfaceOf(CSharpCompilation compilation)
    {
        using var bytes = new MemoryStream();
        compilation.Emit(bytes, options: new EmitOptions(metadataOnly: true, includePrivateMembers: false));
        return bytes.ToArray();
    }
}
