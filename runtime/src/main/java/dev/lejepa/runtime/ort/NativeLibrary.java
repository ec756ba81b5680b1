package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.EngineException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnxruntime.global.onnxruntime;

/// Loads ONNX Runtime's native code.
final class NativeLibrary {
    private NativeLibrary() {}

    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
    private static final String CUDA_EXTENSION = "-gpu";
    private static final String CUDA_BUILD = "linux-x86_64" + CUDA_EXTENSION;

    /// Checks that the build of ONNX Runtime for CUDA is on the class path.
    ///
    /// @throws BadInputException if it is not
    static void requireCuda(Device device) {
        var library = Text.format("/org/bytedeco/onnxruntime/%s/libonnxruntime_providers_cuda.so", CUDA_BUILD);
        if (NativeLibrary.class.getResource(library) == null) {
            throw new BadInputException(Text.format(
                    "device '%s' needs ONNX Runtime's build for CUDA, which is not on the class path: ./lejepa fetches it where --device %s is asked for; with Maven it is -Donnxruntime.classifier=%s",
                    device, device, CUDA_BUILD));
        }
    }

    /// As [#load], the build for CUDA.
    static void loadCuda() {
        setDefault(EXTENSION, CUDA_EXTENSION);
        load();
    }

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
                    Text.format(
                            "ONNX Runtime's native library for %s cannot be loaded: %s; its cache is %s",
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
