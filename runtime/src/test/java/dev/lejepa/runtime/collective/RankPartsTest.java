package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.recipe.Share;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What ranks do before and beside all libraries.
class RankPartsTest {
    private static MemorySegment memory(int bytes) {
        return MemorySegment.ofArray(new byte[bytes]);
    }

    @Test
    void memoryIsSentInPiecesThatLibrariesCanCount() {
        assertEquals(
                List.of(4L, 4L, 3L),
                Slices.of(memory(11), 4).stream().map(MemorySegment::byteSize).toList());
        assertEquals(List.of(), Slices.of(memory(0), 4));
    }

    @Test
    void partsLieOneAfterTheOther() {
        var all = memory(5);
        var parts = Slices.parts(all, new long[] {2, 0, 3});
        parts.get(0).fill((byte) 1);
        parts.get(2).fill((byte) 3);
        assertArrayEquals(new byte[] {1, 1, 3, 3, 3}, all.toArray(JAVA_BYTE));
    }

    @Test
    void aProcessAloneGivesItselfEverything() {
        var ranks = Ranks.alone();
        assertArrayEquals(new byte[] {7}, ranks.gather(new byte[] {7}).getFirst());
        var all = memory(2);
        ranks.gather(memory(2).fill((byte) 5), all, new long[] {2});
        assertArrayEquals(new byte[] {5, 5}, all.toArray(JAVA_BYTE));
        assertThrows(IllegalArgumentException.class, () -> ranks.gather(memory(2), all, new long[] {1}));
        ranks.reduce(all).await();
        assertArrayEquals(new byte[] {5, 5}, all.toArray(JAVA_BYTE));
    }

    @Test
    void rowsOfARankAreThoseOfItsImages() {
        assertArrayEquals(new long[] {44, 44, 40}, RankExchange.bytes(new Share(0, 3, 32), 128));
    }

    @Test
    void aLibraryIsKnownByWhatItSaysOfItself() {
        assertEquals("Open MPI 4.1.4", Mpi.shortVersion("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4"));
        assertEquals("MPICH 4.0.2", Mpi.shortVersion("MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr  7"));
        assertEquals("Intel(R) MPI Library 2021.11", Mpi.shortVersion("Intel(R) MPI Library 2021.11 for Linux* OS"));
    }

    @Test
    void processorsAreCountedAsLinuxListsThem() {
        assertEquals(Optional.of(6), Processors.allowed(List.of("Name: x", "Cpus_allowed_list:\t0-3,8,10")));
        assertEquals(Optional.empty(), Processors.allowed(List.of("Name: x")));
    }

    @Test
    void ranksShareTheProcessorsUnlessTheirLauncherDid() {
        var launch = new Launch(Launch.Launcher.OPEN_MPI, 0, 4, 0, 4);
        assertEquals(4, new Processors(16, 16).share(16, launch));
        assertEquals(1, new Processors(2, 2).share(2, launch));
        assertEquals(1, new Processors(1, 16).share(1, launch));
        assertEquals(
                Optional.of(
                        "lejepa: rank 0 of 4 may use 1 of 16 processors, since its launcher bound it to them; with --bind-to none mpirun gives it 4"),
                new Processors(1, 16).note(launch));
        assertEquals(Optional.empty(), new Processors(4, 16).note(launch));
        assertEquals(Optional.empty(), new Processors(16, 16).note(launch));
    }

    @Test
    void whoWaitsLongSaysForWhat() {
        var notes = new ArrayList<String>();
        var patience = new Patience("rank 1 of 2", notes::add);
        for (var second : new int[] {0, 29, 31, 59, 61, 100}) {
            patience.waitingFor("barrier", 5, 5 + TimeUnit.SECONDS.toNanos(second));
        }
        patience.waitingFor("sum", 7, 7 + TimeUnit.SECONDS.toNanos(40));
        assertEquals(
                List.of(
                        "lejepa: rank 1 of 2 has waited 31 s for the others: barrier",
                        "lejepa: rank 1 of 2 has waited 61 s for the others: barrier",
                        "lejepa: rank 1 of 2 has waited 40 s for the others: sum"),
                notes);
    }
}
