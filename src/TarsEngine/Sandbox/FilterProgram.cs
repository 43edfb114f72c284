using System.Buffers.Binary;

namespace TarsEngine.Sandbox;

/// <summary>
/// Writes a classic BPF program in blocks: each block handles one system call and ends it, so that jumps stay short. What is
/// in no block is allowed.
/// </summary>
internal sealed class FilterProgram
{
    public const uint Allow = 0x7fff0000, KillProcess = 0x80000000;
    private const uint Fail = 0x00050000;
    private const ushort Load = 0x20, JumpEqual = 0x15, JumpAnyBit = 0x45, Return = 0x06;
    private const uint NumberAt = 0, ArchitectureAt = 4, FirstArgumentAt = 16;

    private readonly List<(ushort Code, byte Then, byte Else, uint Value)> lines = [];

    public static uint Errno(uint number) => Fail | number;

    /// <summary>Kills whoever calls by another architecture's numbers: nothing below would hold for them.</summary>
    public void RequireArchitecture(uint architecture)
    {
        lines.Add((Load, 0, 0, ArchitectureAt));
        lines.Add((JumpEqual, 1, 0, architecture));
        lines.Add((Return, 0, 0, KillProcess));
    }

    /// <summary>What follows looks at the call's number.</summary>
    public void LoadNumber() => lines.Add((Load, 0, 0, NumberAt));

    public void RefuseNumber(uint number, uint errno) => Refuse(JumpEqual, number, errno);

    public void RefuseNumbersWithBit(uint bit, uint errno) => Refuse(JumpAnyBit, bit, errno);

    /// <summary>One call whose arguments decide. Only their low 32 bits are looked at, as the kernel does for all that is asked here.</summary>
    public void Inspect(uint number, Action<Block> write)
    {
        var block = new Block();
        write(block);
        block.Return(Allow);
        lines.Add((JumpEqual, 0, (byte)block.Lines.Count, number));
        lines.AddRange(block.Lines);
    }

    public byte[] Encode()
    {
        lines.Add((Return, 0, 0, Allow));
        var bytes = new byte[lines.Count * 8];
        for (var i = 0; i < lines.Count; i++)
        {
            var at = bytes.AsSpan(i * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, lines[i].Code);
            (at[2], at[3]) = (lines[i].Then, lines[i].Else);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], lines[i].Value);
        }
        return bytes;
    }

    private void Refuse(ushort test, uint value, uint errno)
    {
        lines.Add((test, 0, 1, value));
        lines.Add((Return, 0, 0, Errno(errno)));
    }

    internal sealed class Block
    {
        public List<(ushort Code, byte Then, byte Else, uint Value)> Lines { get; } = [];

        /// <summary>What follows looks at this argument, counted from 0.</summary>
        public void Argument(uint index) => Lines.Add((Load, 0, 0, FirstArgumentAt + 8 * index));

        public void IfEquals(uint value, uint result)
        {
            Lines.Add((JumpEqual, 0, 1, value));
            Return(result);
        }

        public void IfAnyBit(uint bits, uint result)
        {
            Lines.Add((JumpAnyBit, 0, 1, bits));
            Return(result);
        }

        /// <summary>Where the value looked at is one of these, the rest of the block <paramref name="inner"/> decides.</summary>
        public void WhereOneOf(IReadOnlyList<uint> values, Action<Block> inner)
        {
            var block = new Block();
            inner(block);
            for (var i = 0; i < values.Count; i++)
            {
                var isLast = i == values.Count - 1;
                Lines.Add((JumpEqual, (byte)(values.Count - 1 - i), (byte)(isLast ? block.Lines.Count : 0), values[i]));
            }
            Lines.AddRange(block.Lines);
        }

        public void Return(uint result) => Lines.Add((FilterProgram.Return, 0, 0, result));
    }
}
