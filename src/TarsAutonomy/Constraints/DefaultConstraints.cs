using TarsEngine.Permissions;

namespace TarsAutonomy.Constraints;

/// <summary>What is forbidden, and what needs a person, where nobody says otherwise.</summary>
internal static class DefaultConstraints
{
    public static IReadOnlyList<ForbiddenPath> Paths { get; } =
    [
        new("constraints/environment-file", "Modifying .env file", Patterns(".env", ".env.*", ".envrc"), []),
        new("constraints/docker", "Modifying Docker config", Patterns("docker-compose.yml", "docker-compose.yaml", "docker-compose.*.yml", "docker-compose.*.yaml", "compose.yml", "compose.yaml", "Dockerfile", "Dockerfile.*", ".dockerignore"), []),
        new("constraints/pipeline", "Modifying CI/CD", BuiltIn("ci"), []),
        new("constraints/dependencies", "Adding dependencies",
        [
            .. Patterns("requirements*.txt", "constraints*.txt", "requirements/", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml", "package.json", "Cargo.toml", "go.mod", "go.work",
                "Gemfile", "*.gemspec", "composer.json", "pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "libs.versions.toml", "build.sbt", "pubspec.yaml", "Package.swift", "Podfile",
                "mix.exs", "deps.edn", "vcpkg.json", "conanfile.txt", "conanfile.py", "*.csproj", "*.fsproj", "*.vbproj", "*.props", "*.targets", "packages.config", "paket.dependencies", "flake.nix"),
            .. BuiltIn("lock-files"), .. BuiltIn("build-imports"),
        ], []),
        new("constraints/ignore-rules", "Modifying .gitignore", Patterns(".gitignore", ".gitattributes", ".gitmodules"), []),
        new("constraints/production", "Modifying production configuration",
            Patterns("*.production.*", "*.prod.*", "production.*", "prod.*", "*-production.*", "*_production.*", "production/", "prod/", "*.tf", "*.tfvars", "k8s/", "kubernetes/", "helm/", "terraform/", "deploy/", "deployment/", "Procfile"), []),
        new("constraints/secrets", "Modifying keys or passwords", BuiltIn("secrets"), Patterns(".env", ".env.*", "*.pub")),
        new("constraints/hooks", "Modifying git hooks or editor settings", BuiltIn("hooks"), []),
        new("constraints/gate", "Modifying the quality gate", Patterns(".ai-validation/"), []),
    ];

    public static IReadOnlyList<ForbiddenContent> Content { get; } =
    [
        new("constraints/schema", "Database schema changes", "DROP TABLE"),
        new("constraints/schema", "Database schema changes", "ALTER TABLE"),
        new("constraints/database", "Dangerous database operations", "DELETE FROM"),
        new("constraints/database", "Dangerous database operations", "TRUNCATE TABLE"),
    ];

    public static IReadOnlyList<string> Words { get; } =
    [
        "delete file", "drop table", "remove column", "add dependency", "install package", "stripe", "payment",
        "drop column", "drop database", "truncate table", "push to remote", "commit to main",
    ];

    public static IReadOnlyList<ApprovalNeed> Approvals { get; } =
    [
        new("authentication", "constraints/authentication", "Touches authentication or security code",
            ["authentication", "authenticate", "authorization", "authorisation", "authorize", "login", "logout", "sign in", "oauth", "jwt", "sso", "mfa", "security", "credential", "access control"],
            [], ["auth", "authentication", "authenticator", "authorization", "authorisation", "authorizer", "login", "logout", "signin", "oauth", "oauth2", "jwt", "sso", "mfa", "security", "credential", "credentials", "password", "passwords", "crypto", "cryptography", "encryption", "permissions"]),
        new("migrations", "constraints/migrations", "Database migration", ["migration", "migrate", "database schema"], Patterns("*.sql"), ["migration", "migrations"]),
        new("architecture", "constraints/architecture", "Architectural change", ["architecture", "architectural", "redesign"], Patterns("*.sln", "*.slnx"), []),
        new("integrations", "constraints/integrations", "External integration", ["external integration", "external service", "external api", "third party", "webhook"], [], []),
        new("dependencies", "constraints/new-dependency", "Needs a new dependency", ["new dependency", "new package", "new library", "upgrade dependency", "update dependency"], [], []),
    ];

    private static PathPattern[] Patterns(params string[] texts) => [.. texts.Select(PathPattern.Parse)];

    // The same lists that hold changes for a person; here no person is there.
    private static IReadOnlyList<PathPattern> BuiltIn(string name) => BuiltInPolicy.Section.Paths.Single(rule => rule.Name == name).Paths;
}
