using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>Packages, made here, and a registry on this host's loopback that has them.</summary>
internal static class FakeRegistry
{
    public const string Address = "127.0.0.2";

    public static byte[] NugetPackage(string id, string version, string? signature = null)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, $"{id}.nuspec", $"""<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>{id}</id><version>{version}</version><authors>a</authors><description>d</description></metadata></package>""");
            Add(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="nuspec" ContentType="application/octet" /></Types>""");
            Add(zip, "content/hello.txt", "hello");
            if (signature is not null) Add(zip, ".signature.p7s", signature);
        }
        return stream.ToArray();
    }

    /// <summary>A NuGet v3 registry of one package.</summary>
    public static TestServer Nuget(string id, string version, byte[] package)
    {
        TestServer? server = null;
        server = TestServer.Start(request =>
        {
            var path = request.Split(' ')[1];
            var at = $"http://{Address}:{server!.Port}";
            return path switch
            {
                "/v3/index.json" => Json($$"""{"version":"3.0.0","resources":[{"@id":"{{at}}/flat/","@type":"PackageBaseAddress/3.0.0"}]}"""),
                _ when path == $"/flat/{id.ToLowerInvariant()}/index.json" => Json($$"""{"versions":["{{version}}"]}"""),
                _ when path.EndsWith(".nupkg", StringComparison.Ordinal) => TestServer.Ok(package),
                _ => NotFound(),
            };
        }, address: Address);
        return server;
    }

    /// <summary>A tarball as npm's registry has it.</summary>
    public static byte[] NpmTarball(string name, string code)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            foreach (var (path, text) in new[] { ("package/package.json", "{\"name\":\"" + name + "\",\"version\":\"1.0.0\",\"scripts\":{\"install\":\"touch /codebase/script-ran\"}}"), ("package/index.js", code) })
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }
        return stream.ToArray();
    }

    public static TestServer Npm(byte[] tarball) => TestServer.Start(request => request.Split(' ')[1].EndsWith(".tgz", StringComparison.Ordinal) ? TestServer.Ok(tarball) : NotFound(), address: Address);

    public static string Integrity(byte[] bytes) => "sha512-" + Convert.ToBase64String(SHA512.HashData(bytes));

    private static byte[] Json(string text) => TestServer.Ok(Encoding.UTF8.GetBytes(text), "Content-Type: application/json\r\n");

    private static byte[] NotFound() => Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    private static void Add(ZipArchive zip, string name, string text)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }
}
