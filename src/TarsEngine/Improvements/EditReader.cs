using System.Text;
using TarsEngine.Documents;

namespace TarsEngine.Improvements;

/// <summary>Reads one entry of 'edits'.</summary>
internal sealed class EditReader(FormReader form)
{
    public FileEdit? Read(MapReader map)
    {
        var kind = form.OneOf(map, "An edit", "create", "replace", "delete", "rename", "set-mode", "symlink");
        FileEdit? edit = kind switch
        {
            "create" => Create(map),
            "replace" => Replace(map),
            "delete" => Delete(map),
            "rename" => Rename(map),
            "set-mode" => SetMode(map),
            "symlink" => Symlink(map),
            _ => null,
        };
        map.Done();
        return edit;
    }

    private CreateEdit? Create(MapReader map)
    {
        var path = form.Path(map, "create");
        var mode = form.Mode(map, "mode");
        var content = Content(map);
        if (path is null || content is null) return null;
        return mode is { } bits ? new(path.Value, form.Keep(content), content.Length, bits) : new(path.Value, form.Keep(content), content.Length);
    }

    private ReplaceEdit? Replace(MapReader map)
    {
        var path = form.Path(map, "replace");
        var mode = form.Mode(map, "mode");
        var expected = form.Hash(map, "if-sha256");
        var content = Content(map);
        return path is null || content is null ? null : new(path.Value, form.Keep(content), content.Length, mode, expected);
    }

    private DeleteEdit? Delete(MapReader map)
    {
        var expected = form.Hash(map, "if-sha256");
        return form.Path(map, "delete") is { } path ? new(path, expected) : null;
    }

    private RenameEdit? Rename(MapReader map)
    {
        var from = form.Path(map, "rename");
        var to = form.Path(map, "to");
        if (from is not null && from == to) map.Problem("to", "'rename' and 'to' are the same.");
        return from is null || to is null || from == to ? null : new(from.Value, to.Value);
    }

    private SetModeEdit? SetMode(MapReader map)
    {
        var path = form.Path(map, "set-mode");
        if (!map.Has("mode")) form.Problems.Add(map.Line, map.Column, "'set-mode' needs 'mode', such as \"0755\".");
        return form.Mode(map, "mode") is { } mode && path is not null ? new(path.Value, mode) : null;
    }

    private SymlinkEdit? Symlink(MapReader map)
    {
        var path = form.Path(map, "symlink");
        if (!map.Has("target")) form.Problems.Add(map.Line, map.Column, "'symlink' needs 'target'.");
        if (form.Exact(map, "target") is not { } target) return null;
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal))
        {
            map.Problem("target", "'target' is empty or holds a NUL; no symlink can say that.");
            return null;
        }
        var bytes = Encoding.UTF8.GetBytes(target);
        return path is null ? null : new(path.Value, form.Keep(bytes), bytes.Length);
    }

    private byte[]? Content(MapReader map)
    {
        switch (form.OneOf(map, "The edit", "content", "content-base64", "content-file"))
        {
            case "content":
                return form.Exact(map, "content") is { } text ? Encoding.UTF8.GetBytes(text) : null;
            case "content-base64":
                return Base64(map);
            case "content-file":
                return form.Sibling(map, "content-file", form.Limits.MaxFileBytes);
            default:
                return null;
        }
    }

    private static byte[]? Base64(MapReader map)
    {
        if (map.OptionalString("content-base64") is not { } text) return null;
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var count)) return bytes[..count];
        map.Problem("content-base64", "'content-base64' is not base 64.");
        return null;
    }
}
