package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;

/// MPI's constants as one family of libraries has them: addresses within the library in one, integers in the other. C
/// programs get them from `mpi.h`.
///
/// @param family what people call it
/// @param world `MPI_COMM_WORLD`, an address or an int like all handles
/// @param bytes `MPI_BYTE`
/// @param floats `MPI_FLOAT`
/// @param sum `MPI_SUM`
/// @param errorsReturn `MPI_ERRORS_RETURN`
/// @param inPlace `MPI_IN_PLACE`
/// @param noStatus `MPI_STATUS_IGNORE`
record MpiHandles(
        Family family,
        Object world,
        Object bytes,
        Object floats,
        Object sum,
        Object errorsReturn,
        MemorySegment inPlace,
        MemorySegment noStatus) {
    /// Libraries whose constants are alike.
    enum Family {
        OPEN_MPI("Open MPI", "libopenmpi3", "libmpi.so.40", "libmpi.40.dylib"),
        /// And those that took over its constants: Intel MPI, MVAPICH, Cray MPICH.
        MPICH("MPICH", "libmpich12", "libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib");

        private final String title;
        private final String debianPackage;
        private final String[] files;

        Family(String title, String debianPackage, String... files) {
            this.title = title;
            this.debianPackage = debianPackage;
            this.files = files;
        }

        String title() {
            return title;
        }

        String debianPackage() {
            return debianPackage;
        }

        /// Names under which the system's loader may find it.
        String[] files() {
            return files.clone();
        }
    }

    private static final MpiHandles MPICH = new MpiHandles(
            Family.MPICH,
            0x4400_0000,
            0x4c00_010d,
            0x4c00_040a,
            0x5800_0003,
            0x5400_0001,
            MemorySegment.ofAddress(-1),
            MemorySegment.ofAddress(1));

    /// Those of a library, known by what it exports; empty if it is no MPI library.
    static Optional<MpiHandles> of(SymbolLookup library) {
        if (library.find("ompi_mpi_comm_world").isPresent()) {
            return Optional.of(openMpi(library));
        }
        return library.find("MPI_Init_thread").map(_ -> MPICH);
    }

    private static MpiHandles openMpi(SymbolLookup library) {
        return new MpiHandles(
                Family.OPEN_MPI,
                symbol(library, "ompi_mpi_comm_world"),
                symbol(library, "ompi_mpi_byte"),
                symbol(library, "ompi_mpi_float"),
                symbol(library, "ompi_mpi_op_sum"),
                symbol(library, "ompi_mpi_errors_return"),
                MemorySegment.ofAddress(1),
                MemorySegment.NULL);
    }

    private static MemorySegment symbol(SymbolLookup library, String name) {
        return library.find(name)
                .orElseThrow(() -> new IllegalStateException(Text.format("Open MPI has no symbol %s", name)));
    }
}
