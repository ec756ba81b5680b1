package dev.lejepa.graphs;

import java.nio.file.Path;

/// The folder in which a user's programs keep what can be made again, by the rules of freedesktop.org:
/// `$XDG_CACHE_HOME`, else `~/.cache`.
public final class UserCache {
    private UserCache() {}

    /// A folder of ours in it, which need not be there.
    public static Path folder(String name) {
        var given = System.getenv("XDG_CACHE_HOME");
        var base = given == null || given.isEmpty()
                ? PathText.path(System.getProperty("user.home", "")).resolve(".cache")
                : PathText.path(given);
        return base.resolve("lejepa").resolve(name);
    }
}
