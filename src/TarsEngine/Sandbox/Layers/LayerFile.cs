using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>The two files beside a layer's own: what it is, and the tree that it shows.</summary>
internal static class LayerFile
{
    private const string DescriptionName = "layer.json", TreeName = "tree";

    public static void Write(string folder, Layer layer, TreeSnapshot? tree)
    {
        if (tree is not null)
        {
            using var packed = new BrotliStream(File.Create(Path.Combine(folder, TreeName)), CompressionLevel.Fastest);
            using var writer = new BinaryWriter(packed);
            writer.Write(tree.Entries.Count);
            foreach (var (path, state) in tree.Entries)
            {
                writer.Write(path.ToBytes().Length);
                writer.Write(path.ToBytes());
                writer.Write((byte)state.Kind);
                writer.Write(state.Mode);
                writer.Write(state.Size);
                writer.Write(Convert.FromHexString(state.Hash.Hex));
            }
        }
        File.WriteAllBytes(Path.Combine(folder, DescriptionName), JsonSerializer.SerializeToUtf8Bytes(
            new Description(layer.Kind, layer.Tree.Hex, layer.Checks?.Hex, layer.Below, layer.NewestNs, layer.Bytes, layer.IsOfChange), LayerContext.Default.Description));
    }

    /// <summary>Null when it isn't whole: then it is as good as none.</summary>
    public static Layer? Read(string folder)
    {
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, DescriptionName)), LayerContext.Default.Description);
            return read is null ? null : new(Path.GetFileName(folder), read.Kind, ContentHash.Parse(read.Tree), read.Checks is { } checks ? ContentHash.Parse(checks) : null, read.Below, read.NewestNs, read.Bytes, read.IsOfChange);
        }
        catch (Exception fault) when (fault is IOException or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The tree that a <see cref="LayerKind.Tree"/> layer shows; null when that can't be read.</summary>
    public static TreeSnapshot? ReadTree(string folder)
    {
        try
        {
            using var reader = new BinaryReader(new BrotliStream(File.OpenRead(Path.Combine(folder, TreeName)), CompressionMode.Decompress));
            var entries = new KeyValuePair<RepositoryPath, FileState>[reader.ReadInt32()];
            for (var i = 0; i < entries.Length; i++)
            {
                var path = RepositoryPath.FromBytes(reader.ReadBytes(reader.ReadInt32()));
                var (kind, mode, size) = ((EntryKind)reader.ReadByte(), reader.ReadInt32(), reader.ReadInt64());
                entries[i] = new(path, new(kind, mode, ContentHash.FromDigest(reader.ReadBytes(32)), size));
            }
            return new(entries);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }

    internal sealed record Description(
        LayerKind Kind, string Tree, string? Checks, IReadOnlyList<string> Below, long NewestNs, long Bytes, bool IsOfChange);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LayerFile.Description))]
internal sealed partial class LayerContext : JsonSerializerContext;
