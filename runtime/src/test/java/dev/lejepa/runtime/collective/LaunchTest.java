package dev.lejepa.runtime.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.runtime.collective.Launch.Launcher;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LaunchTest {
    private static final String OPEN_MPI = "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 ";
    private static final String STEP = "SLURM_STEP_ID=0 ";

    private static Launch of(String variables) {
        return Launch.of(environment(variables));
    }

    private static Map<String, String> environment(String variables) {
        return Arrays.stream(variables.strip().split(" +", -1))
                .filter(word -> !word.isEmpty())
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static void assertRefused(String variables, String... words) {
        var refused = assertThrows(BadInputException.class, () -> of(variables));
        for (var word : words) {
            assertTrue(String.valueOf(refused.getMessage()).contains(word), refused.getMessage());
        }
    }

    @Test
    void aProcessThatNobodyLaunchedIsAlone() {
        assertTrue(of("").alone());
        assertEquals(Launch.ALONE, of("HOME=/root SLURM_JOB_ID=7"));
    }

    @Test
    void eachLauncherIsHeard() {
        assertEquals(
                new Launch(Launcher.OPEN_MPI, 1, 4, 0, 2),
                of(OPEN_MPI + "OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=2"));
        assertEquals(
                new Launch(Launcher.PMI, 2, 3, 2, 3), of("PMI_RANK=2 PMI_SIZE=3 MPI_LOCALRANKID=2 MPI_LOCALNRANKS=3"));
        assertEquals(
                new Launch(Launcher.SLURM, 5, 8, 1, 4),
                of(STEP + "SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_LOCALID=1 SLURM_STEP_TASKS_PER_NODE=4(x2)"));
        assertEquals(
                new Launch(Launcher.TORCHRUN, 1, 2, 1, 2),
                of("RANK=1 WORLD_SIZE=2 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 MASTER_ADDR=localhost MASTER_PORT=29500"));
    }

    @Test
    void whereALauncherDoesNotTellOfItsMachineTheOtherDoes() {
        assertEquals(
                new Launch(Launcher.PMI, 5, 8, 1, 4),
                of(STEP + "PMI_RANK=5 PMI_SIZE=8 SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_LOCALID=1"
                        + " SLURM_STEP_NUM_NODES=2 SLURM_STEP_TASKS_PER_NODE=4(x2)"));
    }

    @Test
    void aBatchScriptIsNoTask() {
        assertTrue(of("SLURM_PROCID=0 SLURM_NTASKS=8").alone());
        assertTrue(of("SLURM_PROCID=0 SLURM_NTASKS=8 SLURM_STEP_ID=4294967290").alone());
        assertTrue(of(STEP + "SLURM_PROCID=0 SLURM_NTASKS=1").alone());
    }

    @Test
    void aDaemonThatSrunStartedOnEachMachineIsNoLauncher() {
        assertEquals(
                1,
                of(OPEN_MPI + STEP + "SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_NUM_NODES=2")
                        .rank());
    }

    @Test
    void namesThatOthersUseTooCountOnlyTogether() {
        assertTrue(of("RANK=1 WORLD_SIZE=2").alone());
    }

    @Test
    void launchersThatDisagreeAreNamedWithTheirValues() {
        assertRefused(
                OPEN_MPI + "RANK=2 WORLD_SIZE=4 MASTER_ADDR=a MASTER_PORT=1",
                "OMPI_COMM_WORLD_RANK=1",
                "RANK=2",
                "disagree");
        assertRefused(OPEN_MPI + "PMI_RANK=1 PMI_SIZE=8", "OMPI_COMM_WORLD_SIZE=4", "PMI_SIZE=8");
        assertRefused(OPEN_MPI + STEP + "SLURM_PROCID=3 SLURM_NTASKS=6 SLURM_STEP_NUM_NODES=2", "SLURM_NTASKS=6");
        assertEquals(1, of(OPEN_MPI + "PMI_RANK=1 PMI_SIZE=4").rank());
    }

    @Test
    void valuesThatAreNoPlaceAreRefused() {
        assertRefused("PMI_RANK=x PMI_SIZE=2", "PMI_RANK=x", "whole number");
        assertRefused("PMI_RANK=-1 PMI_SIZE=2", "PMI_RANK=-1");
        assertRefused("PMI_RANK=0 PMI_SIZE=0", "PMI_SIZE=0");
        assertRefused("PMI_RANK=2 PMI_SIZE=2", "PMI_RANK=2", "the last is 1");
        assertRefused("OMPI_COMM_WORLD_RANK=0", "OMPI_COMM_WORLD_SIZE is not");
    }
}
