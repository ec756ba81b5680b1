package dev.lejepa.runtime.engine;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// An input of a program that comes from host memory. Where the device computes there, the memory itself is bound; else
/// it is copied to the device, and may be copied while the step before runs.
public final class HostFeed implements AutoCloseable {
    private final Program program;
    private final Port port;
    private final Map<Long, DeviceTensor> wrapped = new HashMap<>();
    private final Staging staging;
    private long ahead;

    /// @param input the input's name
    public HostFeed(Program program, String input) {
        this.program = program;
        this.port = program.port(input);
        this.staging =
                program.engine().onHost() ? new NoStaging() : program.engine().staging(program.input(input));
    }

    /// Begins to copy what [#set] will be called with next. The memory is not read after that call.
    public void ahead(MemorySegment memory) {
        staging.put(memory);
        ahead = memory.address();
    }

    /// The next runs read this memory, which stays as it is until they are over.
    public void set(MemorySegment memory) {
        if (program.engine().onHost()) {
            program.bind(port.name(), wrap(memory));
            return;
        }
        if (ahead != memory.address()) {
            staging.put(memory);
        }
        ahead = 0;
        staging.take();
    }

    /// Buffers are few and used in turn, so each is wrapped once.
    private DeviceTensor wrap(MemorySegment memory) {
        return wrapped.computeIfAbsent(memory.address(), _ -> {
            var shape = port.shape().stream().mapToLong(Long::longValue).toArray();
            return program.engine().wrap(port.name(), port.dtype(), memory, shape);
        });
    }

    @Override
    public void close() {
        staging.close();
        wrapped.values().forEach(DeviceTensor::close);
    }

    /// For memory that is read where it lies.
    private static final class NoStaging implements Staging {
        @Override
        public void put(MemorySegment source) {}

        @Override
        public void take() {}

        @Override
        public void close() {}
    }
}
