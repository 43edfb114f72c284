using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Terminal;

namespace TarsEngine.Tests.Terminal;

public sealed class LineReaderTests
{
    [Fact]
    public void However_the_bytes_are_cut_the_lines_are_the_same()
    {
        var bytes = Gen.OneOf(Gen.Elements<byte>(10, 13, 27, 91, 109, 65, 0xC3, 0xA4, 0xFF), Gen.Choose(0, 255).Select(value => (byte)value)).ArrayOf().ToArbitrary();
        var cuts = Gen.Choose(1, 7).NonEmptyListOf().ToArbitrary();

        Prop.ForAll(bytes, cuts, (all, sizes) => Read(all, [all.Length + 1]).SequenceEqual(Read(all, [.. sizes]))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_line_can_act_on_a_terminal()
    {
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(),
            all => Read(all, [5]).All(line => !line.Any(c => char.IsControl(c) && c != '\t'))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_line_without_an_end_comes_in_pieces()
    {
        var pieces = new List<(int Length, bool Ends)>();
        var reader = new LineReader((text, ends) => pieces.Add((text.Length, ends)));
        for (var i = 0; i < 10; i++) reader.Add(new byte[20_000].Select(_ => (byte)'x').ToArray());
        reader.End();

        Assert.Equal(200_000, pieces.Sum(piece => piece.Length));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 128 * 1024));
        Assert.Equal(pieces.Count - 1, pieces.Count(piece => !piece.Ends));
    }

    private static List<string> Read(byte[] all, int[] sizes)
    {
        var lines = new List<string>();
        var reader = new LineReader((text, _) => lines.Add(text.ToString()));
        for (int at = 0, turn = 0; at < all.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Length], all.Length - at);
            reader.Add(all.AsSpan(at, size));
            at += size;
        }
        reader.End();
        return lines;
    }
}
