package dev.lejepa.tools.cli;

import dev.lejepa.runtime.collective.Launch;
import dev.lejepa.runtime.collective.Ranks;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The processes that run a command together with this one. They are joined when a command first asks for them; most
/// work alone, whoever starts them.
final class Company {
    private final Supplier<Launch> launch;
    private final BiFunction<Launch, OptionalInt, Ranks> door;
    private Optional<Ranks> joined = Optional.empty();

    /// @param launch how this process was started
    /// @param door joins those that were started with it, given the number of the CUDA device that it computes on
    Company(Supplier<Launch> launch, BiFunction<Launch, OptionalInt, Ranks> door) {
        this.launch = launch;
        this.door = door;
    }

    /// For a process that has none.
    static Company none() {
        return new Company(() -> Launch.ALONE, (_, _) -> Ranks.alone());
    }

    /// Those that a launcher started.
    ///
    /// @param environment that tells of it
    /// @param notes where a person is told of long waits
    static Company of(Map<String, String> environment, Consumer<String> notes) {
        return new Company(
                () -> Launch.of(environment), (launch, cuda) -> Ranks.join(launch, environment, cuda, notes));
    }

    /// What the program that started this process says of it.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if two launchers disagree
    Launch launch() {
        return launch.get();
    }

    /// Joins them; returns when all have come.
    ///
    /// @param cuda number of the CUDA device that this process computes on, if it does
    Ranks join(OptionalInt cuda) {
        if (joined.isEmpty()) {
            joined = Optional.of(door.apply(launch.get(), cuda));
        }
        return joined.get();
    }

    /// How what this process tells of itself begins.
    String name() {
        return joined.filter(ranks -> ranks.size() > 1)
                .map(ranks -> "rank " + ranks.rank() + ": ")
                .orElse("");
    }

    /// Whether this process tells what all of them know.
    boolean speaks() {
        return joined.map(ranks -> ranks.rank() == 0).orElse(true);
    }

    /// Ends this process's part.
    ///
    /// @param together whether the others end in the same way; else they are ended, as they may wait for this one
    void leave(boolean together, ExitCode code) {
        if (joined.isEmpty() || joined.get().size() == 1) {
            return;
        }
        if (together) {
            joined.get().close();
        } else {
            joined.get().abort(code.value());
        }
    }
}
