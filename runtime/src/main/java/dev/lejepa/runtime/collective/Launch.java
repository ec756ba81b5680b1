package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the program that started this process says of it by environment variables.
///
/// @param launcher that says so
/// @param rank of this process, from 0
/// @param size how many processes were started
/// @param localRank of this process among those of its machine; `rank` where nobody says
/// @param localSize how many processes this machine has; 1 where nobody says
public record Launch(Launcher launcher, int rank, int size, int localRank, int localSize) {
    /// One process, which nobody started together with others.
    public static final Launch ALONE = new Launch(Launcher.NONE, 0, 1, 0, 1);

    /// Steps above are no tasks of `srun` but the shells of `sbatch` and `salloc`.
    private static final long LAST_STEP = 0xffff_fff0L;

    /// Who starts processes, and the variables by which each of them knows its place.
    public enum Launcher {
        NONE("", "", "", ""),
        OPEN_MPI(
                "OMPI_COMM_WORLD_RANK",
                "OMPI_COMM_WORLD_SIZE",
                "OMPI_COMM_WORLD_LOCAL_RANK",
                "OMPI_COMM_WORLD_LOCAL_SIZE"),
        /// MPICH's Hydra and its relatives, and `srun --mpi=pmi2`.
        PMI("PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"),
        TORCHRUN("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"),
        SLURM("SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE");

        private final String rank;
        private final String size;
        private final String localRank;
        private final String localSize;

        Launcher(String rank, String size, String localRank, String localSize) {
            this.rank = rank;
            this.size = size;
            this.localRank = localRank;
            this.localSize = localSize;
        }
    }

    /// Reads the variables.
    ///
    /// @throws BadInputException if a value is no rank or size, or two launchers say different things
    public static Launch of(Map<String, String> environment) {
        var told = Stream.of(Launcher.OPEN_MPI, Launcher.PMI, Launcher.SLURM, Launcher.TORCHRUN)
                .map(launcher -> read(launcher, environment))
                .flatMap(Optional::stream)
                .toList();
        if (told.isEmpty()) {
            return ALONE;
        }
        var first = told.getFirst();
        told.forEach(other -> requireAgreement(first, other));
        // srun --mpi=pmi2 sets PMI's variables but those of the machine, which Slurm's own tell
        return told.stream()
                .filter(other -> environment.containsKey(other.launcher.localRank))
                .findFirst()
                .map(other -> new Launch(first.launcher, first.rank, first.size, other.localRank, other.localSize))
                .orElse(first);
    }

    private static Optional<Launch> read(Launcher launcher, Map<String, String> environment) {
        if (!speaks(launcher, environment)) {
            return Optional.empty();
        }
        var size = number(environment, launcher.size, launcher.rank, 1);
        var rank = number(environment, launcher.rank, launcher.size, 0);
        if (rank >= size) {
            throw new BadInputException(Text.format(
                    "%s=%d with %s=%d: ranks count from 0, so the last is %d",
                    launcher.rank, rank, launcher.size, size, size - 1));
        }
        var localRank = optional(environment, launcher.localRank, rank);
        var localSize = optional(environment, launcher.localSize, 1);
        return Optional.of(new Launch(launcher, rank, size, localRank, Math.max(localSize, 1)));
    }

    private static boolean speaks(Launcher launcher, Map<String, String> environment) {
        return switch (launcher) {
            case NONE -> false;
            case OPEN_MPI, PMI -> environment.containsKey(launcher.rank) || environment.containsKey(launcher.size);
            // names that others use too: only all four together mean this
            case TORCHRUN ->
                environment.keySet().containsAll(List.of(launcher.rank, launcher.size, "MASTER_ADDR", "MASTER_PORT"));
            case SLURM -> isTask(environment);
        };
    }

    /// Whether `srun` started this process as one of several. It also starts the daemons of others, one on each machine,
    /// whose children see its variables; those do not count.
    private static boolean isTask(Map<String, String> environment) {
        var step = environment.get("SLURM_STEP_ID");
        if (step == null
                || !environment.containsKey(Launcher.SLURM.rank)
                || !step.chars().allMatch(c -> c >= '0' && c <= '9')
                || step.length() > 10
                || Long.parseLong(step) >= LAST_STEP) {
            return false;
        }
        var byDaemon = Stream.of(Launcher.OPEN_MPI.rank, Launcher.PMI.rank, "TORCHELASTIC_RUN_ID")
                .anyMatch(environment::containsKey);
        var tasks = environment.get(Launcher.SLURM.size);
        return tasks != null
                && !tasks.equals("1")
                && !(byDaemon && tasks.equals(environment.get("SLURM_STEP_NUM_NODES")));
    }

    private static int number(Map<String, String> environment, String name, String companion, int least) {
        var value = environment.get(name);
        if (value == null) {
            throw new BadInputException(Text.format(
                    "%s=%s is set and %s is not: a launcher sets both, or neither",
                    companion, environment.get(companion), name));
        }
        return parse(value)
                .filter(number -> number >= least)
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s=%s: must be a whole number from %d", name, value, least)));
    }

    /// What a launcher may say. Of Slurm's lists, such as `4(x2),3`, the first number is taken.
    private static int optional(Map<String, String> environment, String name, int missing) {
        return Optional.ofNullable(environment.get(name))
                .map(value -> value.replaceFirst("\\D.*", ""))
                .flatMap(Launch::parse)
                .orElse(missing);
    }

    private static Optional<Integer> parse(String value) {
        try {
            return Optional.of(Integer.parseInt(value));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static void requireAgreement(Launch one, Launch other) {
        if (one.rank != other.rank || one.size != other.size) {
            throw new BadInputException(Text.format(
                    "launchers disagree: %s, but %s; start with one of them, or unset the variables of the other",
                    one.variables(), other.variables()));
        }
    }

    /// The variables that say so, with their values.
    public String variables() {
        return Text.format("%s=%d %s=%d", launcher.rank, rank, launcher.size, size);
    }

    /// Whether there are no others.
    public boolean alone() {
        return size == 1;
    }
}
