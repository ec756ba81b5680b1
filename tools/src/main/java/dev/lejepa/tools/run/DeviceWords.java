package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;

/// How a device is called where people read.
public final class DeviceWords {
    private DeviceWords() {}

    /// @param device `cpu` or `cuda:N`
    /// @param threads that compute on the processor
    public static String of(String device, int threads) {
        return device.equals("cpu") ? Text.format("cpu (%d thread%s)", threads, threads == 1 ? "" : "s") : device;
    }
}
