package dev.lejepa.runtime.cudart;

import dev.lejepa.runtime.cudart.CudnnDescriptors.Descriptor;
import java.util.OptionalLong;

/// How cuDNN computes a convolution on a device. Plans of one device are run one at a time.
public final class CudnnPlan implements AutoCloseable {
    private static final int WORKSPACE_BYTES = 402;

    // of cudnnBackendDescriptorType_t, and its attributes
    private static final int ARGUMENTS = 16;
    private static final int ARGUMENT_IDS = 1000;
    private static final int ARGUMENT_ADDRESSES = 1001;
    private static final int ARGUMENT_WORKSPACE = 1003;

    private final Cudnn library;
    private final OptionalLong handle;
    private final CudnnDescriptors all;
    private final Descriptor plan;
    private final long workspaceBytes;

    CudnnPlan(Cudnn library, OptionalLong handle, CudnnDescriptors all, Descriptor plan) {
        this.library = library;
        this.handle = handle;
        this.all = all;
        this.plan = plan;
        this.workspaceBytes = plan.number(WORKSPACE_BYTES);
    }

    /// Device memory that a run needs beside its tensors.
    public long workspaceBytes() {
        return workspaceBytes;
    }

    /// Appends a run to a stream. All are addresses of device memory.
    public void run(long stream, long x, long filters, long y, long workspace) {
        var current = handle.orElseThrow(() -> new IllegalStateException("the plan's device is not there"));
        synchronized (library) { // one handle has one stream
            library.useStream(current, stream);
            try (var ofRun = new CudnnDescriptors(library)) {
                var arguments = ofRun.make(ARGUMENTS)
                        .with(
                                ARGUMENT_IDS,
                                CudnnDescriptors.INT64,
                                CudnnConvolution.ID_OF_X,
                                CudnnConvolution.ID_OF_FILTERS,
                                CudnnConvolution.ID_OF_Y)
                        .with(ARGUMENT_ADDRESSES, CudnnDescriptors.POINTER, x, filters, y)
                        .with(ARGUMENT_WORKSPACE, CudnnDescriptors.POINTER, workspace)
                        .complete();
                library.execute(current, plan.address(), arguments.address());
            }
        }
    }

    @Override
    public void close() {
        all.close();
    }
}
