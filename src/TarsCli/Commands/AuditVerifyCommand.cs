using System.CommandLine;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'audit verify': every entry, the chain, the signatures, and the head kept outside the codebase.</summary>
internal static class AuditVerifyCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var command = new TarsCommand("verify", "Check the whole audit trail: one changed, missing or cut byte is found",
            ("tarscli audit verify", "ends with 0 when it is intact, else with 1 and what is wrong"));
        command.SetWork(composition, run =>
        {
            var verification = run.Codebase.Audit.Verify();
            foreach (var notice in verification.Notices) run.Screen.Talk(notice, Style.Warn);
            if (verification.IsIntact)
            {
                run.Screen.Answer($"The audit trail is intact: {verification.Entries} {(verification.Entries == 1 ? "entry" : "entries")}.");
                return Ending.Done;
            }
            return new Ending(ExitCode.Failed, $"The audit trail does not verify: {verification.Problems.Count} {(verification.Problems.Count == 1 ? "problem" : "problems")} in {verification.Entries} entries.")
            {
                Details = verification.Problems,
                Hints = ["Keep the state folder as it is, and compare with an earlier 'tarscli audit export'."],
            };
        });
        return command;
    }
}
