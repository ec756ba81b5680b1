package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.EngineException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnxruntime.global.onnxruntime;

/// Loads ONNX Runtime's native code.
final class NativeLibrary {
    private NativeLibrary() {}

    /// Loads it once per process; later calls do nothing.
    static void load() {
        // JavaCPP would refuse to allocate once the process holds twice the Java heap. Ours holds its tensors outside
        // it.
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        // Every native object has an owner that closes it, so no thread needs to watch for forgotten ones.
        setDefault("org.bytedeco.javacpp.noPointerGC", "true");
        try {
            Loader.load(onnxruntime.class);
        } catch (UnsatisfiedLinkError e) {
            throw new EngineException(
                    "ONNX Runtime's native library for %s cannot be loaded: %s; its cache is %s"
                            .formatted(
                                    Loader.getPlatform(),
                                    e.getMessage(),
                                    System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache")),
                    e);
        }
    }

    private static void setDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }
}
