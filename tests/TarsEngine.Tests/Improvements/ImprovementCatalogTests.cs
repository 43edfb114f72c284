using TarsEngine.Audit;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Improvements;

public sealed class ImprovementCatalogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly StateFolder state;
    private readonly ObjectStore objects;
    private readonly StateDatabase database;
    private readonly AuditTrailService audit;
    private readonly ImprovementCatalog catalog;

    public ImprovementCatalogTests()
    {
        var files = new FileSystem();
        Directory.CreateDirectory(folder.File("codebase"));
        state = StateFolder.Create(folder.File("codebase"), null, files);
        objects = new ObjectStore(state, files);
        database = StateDatabase.Open(state.Database, TimeProvider.System);
        audit = new AuditTrailService(database, files, folder.File("user"));
        catalog = new ImprovementCatalog(database, objects, audit);
    }

    public void Dispose()
    {
        database.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void What_is_added_comes_back_as_it_was_with_every_kind_of_step()
    {
        var path = RepositoryPath.FromBytes([0xff, (byte)' ', (byte)'x']);
        var hash = ContentHash.Of("x"u8);
        StepDefinition[] steps =
        [
            new("p", new PatchAction(hash, 1), [], "a patch", "one", [new ExistsExpectation(path), new AbsentExpectation(path)]),
            new("e", new EditAction([new CreateEdit(path, hash, 1), new ReplaceEdit(path, hash, 1, 0b111_101_101, hash), new DeleteEdit(path, hash), new RenameEdit(path, RepositoryPath.Parse("ü/\U0001F600")), new SetModeEdit(path, 0b110_000_000), new SymlinkEdit(path, hash, 1)]), ["p"], null, StepDefinition.DefaultTransaction, [new ContainsExpectation(path, "\r\n\"\u2028"), new HashExpectation(path, hash)]),
            new("r", new ReplaceAction(path, "a\t", "b\u0000", 3), ["p", "e"], null, StepDefinition.DefaultTransaction, []),
            new("c", new CommandAction(["dotnet", "format"], path, TimeSpan.FromSeconds(90), new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" }), [], null, StepDefinition.DefaultTransaction, []),
            new("a", new AgentAction("Add a test\nfor \"ü\"", "codex"), ["c"], null, StepDefinition.DefaultTransaction, []),
            new("d", new AgentAction("Add a test", null), [], null, StepDefinition.DefaultTransaction, []),
        ];

        var added = Assert.IsType<Added>(catalog.Add(Proposal("title", steps), "ada"));

        Assert.Equal("IMP-1", added.Improvement.Id.ToString());
        var read = catalog.Get(added.Improvement.Id)!;
        Assert.Equivalent(added.Improvement, read, strict: true);
        Assert.Equal(StepJson.Write(steps), StepJson.Write(read.Steps));
        Assert.Equal(ImprovementState.Ready, read.State);
        Assert.Equal("x"u8.ToArray(), objects.Read(hash));
        Assert.Contains(audit.List(), r => r.Entry.Action == "improvement-added" && r.Entry.Subject == "IMP-1" && r.Entry.Actor == "ada");
    }

    [Fact]
    public void The_very_same_change_is_not_added_twice_and_that_is_said()
    {
        var first = catalog.Add(Proposal("one", [Replace("a", "b")]), "ada").Improvement;

        Assert.Equal(first.Id, Assert.IsType<AlreadyThere>(catalog.Add(Proposal("other title", [Replace("a", "b")]), "ada")).Improvement.Id);
        Assert.IsType<Added>(catalog.Add(Proposal("one", [Replace("a", "c")]), "ada"));
        Assert.Equal(2, catalog.List().Count);
    }

    [Fact]
    public void The_same_change_may_come_again_once_it_has_landed_or_was_removed()
    {
        var first = catalog.Add(Proposal("one", [Replace("a", "b")]), "ada").Improvement;
        catalog.Claim(first.Id);
        catalog.Move(first.Id, [ImprovementState.Executing], ImprovementState.Landed);

        var again = Assert.IsType<Added>(catalog.Add(Proposal("one", [Replace("a", "b")]), "ada"));
        Assert.Equal(first.Id, again.SameAs);

        Assert.IsType<Moved>(catalog.Remove(again.Improvement.Id, "ada"));
        Assert.Equal("IMP-3", catalog.Add(Proposal("one", [Replace("a", "b")]), "ada").Improvement.Id.ToString());
    }

    [Fact]
    public void Only_one_of_many_claims_gets_it()
    {
        var id = catalog.Add(Proposal("one", [Replace("a", "b")]), "ada").Improvement.Id;

        var outcomes = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8).Select(_ =>
        {
            using var other = StateDatabase.Open(state.Database, TimeProvider.System);
            return new ImprovementCatalog(other, objects, audit).Claim(id);
        }).ToList();

        Assert.Single(outcomes.OfType<Moved>());
        Assert.Equal(15, outcomes.OfType<NotMovable>().Count(n => n.Why.Contains("being executed", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_that_is_being_executed_or_reviewed_or_has_landed_is_not_removed()
    {
        var id = catalog.Add(Proposal("one", [Replace("a", "b")]), "ada").Improvement.Id;
        foreach (var (from, to) in ((ImprovementState, ImprovementState)[])
            [(ImprovementState.Ready, ImprovementState.Executing), (ImprovementState.Executing, ImprovementState.AwaitingReview), (ImprovementState.AwaitingReview, ImprovementState.Landed)])
        {
            Assert.IsType<Moved>(catalog.Move(id, [from], to));
            var refused = Assert.IsType<NotMovable>(catalog.Remove(id, "ada"));
            Assert.Equal(to, refused.Improvement.State);
            Assert.NotEmpty(refused.Remedy);
        }
        Assert.IsType<Moved>(catalog.Move(id, [ImprovementState.Landed], ImprovementState.RolledBack));
        Assert.IsType<Moved>(catalog.Remove(id, "ada"));
        Assert.Empty(catalog.List());
        Assert.Single(catalog.List(new ImprovementFilter([ImprovementState.Removed])));
        Assert.IsType<NotMovable>(catalog.Claim(id));
    }

    [Fact]
    public void An_unknown_id_is_said_to_be_not_found()
    {
        var outcome = Assert.IsType<NoSuchImprovement>(catalog.Claim(new ImprovementId(99)));

        Assert.StartsWith("Improvement not found: IMP-99", outcome.Message, StringComparison.Ordinal);
        Assert.Null(catalog.Get(new ImprovementId(99)));
    }

    [Fact]
    public void The_list_can_be_narrowed()
    {
        catalog.Add(Proposal("speed up parser", [Replace("a", "b")]) with { Category = "performance", Priority = ImprovementPriority.High }, "ada");
        catalog.Add(Proposal("fix typo", [Replace("a", "c")]) with { Priority = ImprovementPriority.Low }, "ada");

        Assert.Single(catalog.List(new ImprovementFilter(Category: "Performance")));
        Assert.Single(catalog.List(new ImprovementFilter(AtLeast: ImprovementPriority.Medium)));
        Assert.Single(catalog.List(new ImprovementFilter(Text: "TYPO")));
        Assert.Empty(catalog.List(new ImprovementFilter([ImprovementState.Landed])));
    }

    [Fact]
    public void A_changed_row_is_noticed()
    {
        var id = catalog.Add(Proposal("one", [Replace("a", "b")]), "ada").Improvement.Id;
        database.Write("tamper", tx => tx.Execute("UPDATE improvements SET title = 'two'"));

        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => catalog.Get(id)).Problem);
    }

    [Theory]
    [InlineData("IMP-12", true)]
    [InlineData("IMP-0", false)]
    [InlineData("IMP-012", false)]
    [InlineData("IMP-+1", false)]
    [InlineData("IMP- 1", false)]
    [InlineData("IMP-1 ", false)]
    [InlineData("imp-1", false)]
    [InlineData("12", false)]
    [InlineData("--all", false)]
    [InlineData("", false)]
    [InlineData("IMP-99999999999999999999", false)]
    [InlineData("IMP-١", false)]
    public void Ids_are_read_strictly(string text, bool valid)
    {
        Assert.Equal(valid, ImprovementId.TryParse(text, out _, out var problem));
        Assert.Equal(valid, problem.Length == 0);
        if (text.StartsWith('-')) Assert.Contains("looks like an option", problem, StringComparison.Ordinal);
    }

    private static StepDefinition Replace(string search, string with) =>
        new("replace", new ReplaceAction(RepositoryPath.Parse("a.txt"), search, with, 1), [], null, StepDefinition.DefaultTransaction, []);

    private static ImprovementProposal Proposal(string title, IReadOnlyList<StepDefinition> steps) =>
        new(title, "", "general", ImprovementPriority.Medium, "test", steps, null, new Dictionary<ContentHash, byte[]> { [ContentHash.Of("x"u8)] = "x"u8.ToArray() });
}
