package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.MpiHandles.Family;
import dev.lejepa.runtime.foreign.NativeFunctions;
import dev.lejepa.runtime.foreign.SystemLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The MPI library of the system that belongs to the launcher which started this process.
///
/// @param file under which it was found
record MpiLibrary(NativeFunctions functions, MpiHandles handles, String file) {
    /// Names the library instead.
    static final String VARIABLE = "LEJEPA_MPI";

    private static final int STANDARD = 3; // the first with MPI_Iallreduce

    /// Loads it for the rest of the process.
    ///
    /// @throws BadInputException if there is none, it is too old, or it belongs to another launcher
    static MpiLibrary open(Launch launch, Map<String, String> environment) {
        // UCX would take SIGSEGV, by which the JVM knows null pointers and ends of stacks
        SystemLibrary.setVariable("UCX_ERROR_SIGNALS", "");
        var families = families(launch, environment);
        var library = Optional.ofNullable(environment.get(VARIABLE))
                .map(file -> named(file, families, launch))
                .orElseGet(() -> search(families, launch));
        library.requireStandard();
        return library;
    }

    /// Whose processes the launcher can start, the likelier first.
    private static List<Family> families(Launch launch, Map<String, String> environment) {
        return switch (launch.launcher()) {
            case OPEN_MPI -> List.of(Family.OPEN_MPI);
            case PMI -> List.of(Family.MPICH);
            case SLURM, TORCHRUN, NONE ->
                environment.containsKey("PMIX_RANK")
                        ? List.of(Family.OPEN_MPI, Family.MPICH)
                        : List.of(Family.MPICH, Family.OPEN_MPI);
        };
    }

    private static MpiLibrary named(String file, List<Family> families, Launch launch) {
        var attempt = SystemLibrary.openForPlugins(file);
        var library = attempt.library()
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s=%s cannot be loaded: %s", VARIABLE, file, attempt.reason())));
        var found = of(library, file)
                .orElseThrow(() -> new BadInputException(Text.format("%s=%s is no library of MPI", VARIABLE, file)));
        var family = found.handles().family();
        if (!families.contains(family)) {
            throw new BadInputException(Text.format(
                    "%s=%s is %s, but this process was started by the launcher of %s (%s); start it with %s's own mpirun",
                    VARIABLE, file, family.title(), titles(families), launch.variables(), family.title()));
        }
        return found;
    }

    private static MpiLibrary search(List<Family> families, Launch launch) {
        for (var family : families) {
            for (var file : family.files()) {
                var library = SystemLibrary.openForPlugins(file)
                        .library()
                        .flatMap(l -> of(l, file))
                        .filter(l -> l.handles().family() == family);
                if (library.isPresent()) {
                    return library.get();
                }
            }
        }
        throw new BadInputException(Text.format(
                "%s says that there are others, but %s cannot be loaded (tried %s); install it (Debian: %s), or name its file in %s",
                launch.variables(),
                titles(families),
                families.stream().flatMap(f -> Arrays.stream(f.files())).collect(Collectors.joining(", ")),
                families.stream().map(Family::debianPackage).collect(Collectors.joining(" or ")),
                VARIABLE));
    }

    private static String titles(List<Family> families) {
        return families.stream().map(Family::title).collect(Collectors.joining(" or "));
    }

    private static Optional<MpiLibrary> of(SymbolLookup library, String file) {
        return MpiHandles.of(library).map(h -> new MpiLibrary(new NativeFunctions(library, file), h, file));
    }

    private void requireStandard() {
        try (var arena = Arena.ofConfined()) {
            var version = arena.allocate(Integer.BYTES);
            var minor = arena.allocate(Integer.BYTES);
            functions.invoke("MPI_Get_version", version, minor);
            var major = version.get(JAVA_INT, 0);
            if (major < STANDARD) {
                throw new BadInputException(Text.format(
                        "%s knows MPI %d.%d; version %d.0 is needed, as of 2012",
                        file, major, minor.get(JAVA_INT, 0), STANDARD));
            }
        }
    }
}
