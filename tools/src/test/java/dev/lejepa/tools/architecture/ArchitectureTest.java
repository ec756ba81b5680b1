package dev.lejepa.tools.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The shape of the program: which package may use which, and what none may do. Read from the compiled classes of all
/// modules.
class ArchitectureTest {
    private static final String ROOT = "dev.lejepa.";

    /// From the bottom up: each package and those of ours that it may use. `graphs` itself (errors, files, spelling) is
    /// open to all.
    private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

    /// Libraries that only these packages may know.
    private static final Map<String, Set<String>> ONLY_IN = Map.of(
            "org.bytedeco", Set.of("runtime.ort", "runtime.onednn", "trainer.codec"),
            "com.github.luben", Set.of("trainer.shards", "trainer.parquet"),
            "com.google.protobuf", Set.of("graphs.onnx", "trainer.report"),
            "net.razorvine", Set.of("graphs.weights"),
            "org.ejml", Set.of("trainer.eval"),
            "dev.hardwood", Set.of("trainer.parquet"),
            "org.xerial.snappy", Set.of("trainer.parquet"),
            "org.apache.commons.cli", Set.of("tools.cli"),
            "org.yaml", Set.of("tools.config"));

    static {
        MAY_USE.put("graphs", List.of());
        MAY_USE.put("graphs.normal", List.of());
        MAY_USE.put("graphs.ir", List.of("graphs.normal"));
        MAY_USE.put("graphs.random", List.of("graphs.normal"));
        MAY_USE.put("graphs.safetensors", List.of());
        MAY_USE.put("graphs.npy", List.of());
        MAY_USE.put("graphs.weights", List.of("graphs.safetensors", "graphs.npy"));
        MAY_USE.put("graphs.recipe", List.of());
        MAY_USE.put("graphs.autodiff", List.of("graphs.ir"));
        MAY_USE.put("graphs.interpret", List.of("graphs.ir", "graphs.normal"));
        MAY_USE.put("graphs.cost", List.of("graphs.ir"));
        MAY_USE.put("graphs.passes", List.of("graphs.ir"));
        MAY_USE.put("graphs.nn", List.of("graphs.ir"));
        MAY_USE.put("graphs.augment", List.of("graphs.ir", "graphs.recipe"));
        MAY_USE.put("graphs.models", List.of("graphs.ir", "graphs.nn", "graphs.recipe"));
        MAY_USE.put("graphs.pretrained", List.of("graphs.ir", "graphs.models", "graphs.weights"));
        MAY_USE.put("graphs.losses", List.of("graphs.ir", "graphs.normal", "graphs.recipe"));
        MAY_USE.put("graphs.optim", List.of("graphs.ir", "graphs.nn"));
        MAY_USE.put("graphs.onnx.proto", List.of());
        MAY_USE.put("graphs.onnx", List.of("graphs.ir", "graphs.cost", "graphs.onnx.proto"));
        MAY_USE.put("graphs.programs", List.of("graphs.*"));
        MAY_USE.put(
                "runtime.engine",
                List.of("graphs.ir", "graphs.onnx", "graphs.programs", "graphs.recipe", "graphs.safetensors"));
        MAY_USE.put("runtime.foreign", List.of());
        MAY_USE.put("runtime.cudart", List.of("runtime.foreign"));
        MAY_USE.put("runtime.kernel", List.of("graphs.ir", "graphs.onnx"));
        MAY_USE.put("runtime.host", List.of("graphs.ir", "graphs.onnx", "runtime.kernel"));
        MAY_USE.put("runtime.onednn", List.of("graphs.ir", "graphs.onnx", "runtime.host", "runtime.kernel"));
        MAY_USE.put("runtime.cuda", List.of("graphs.ir", "graphs.onnx", "runtime.cudart", "runtime.kernel"));
        MAY_USE.put(
                "runtime.ort",
                List.of(
                        "graphs.ir",
                        "graphs.onnx",
                        "runtime.cuda",
                        "runtime.cudart",
                        "runtime.engine",
                        "runtime.host",
                        "runtime.kernel",
                        "runtime.onednn"));
        MAY_USE.put("runtime.checkpoint", List.of("graphs.programs", "graphs.safetensors", "runtime.engine"));
        MAY_USE.put(
                "runtime.collective",
                List.of("graphs.recipe", "runtime.cudart", "runtime.engine", "runtime.foreign", "runtime.kernel"));
        MAY_USE.put("trainer.codec", List.of());
        MAY_USE.put("trainer.image", List.of("graphs.augment", "graphs.random", "graphs.recipe", "trainer.codec"));
        MAY_USE.put("trainer.data", List.of("graphs.augment", "graphs.random", "graphs.recipe", "trainer.image"));
        MAY_USE.put("trainer.packed", List.of("trainer.data", "trainer.image"));
        MAY_USE.put("trainer.shards", List.of("trainer.data", "trainer.image"));
        MAY_USE.put("trainer.parquet", List.of("trainer.data", "trainer.image", "trainer.shards"));
        MAY_USE.put("trainer.layout", List.of("graphs.weights", "trainer.data", "trainer.image"));
        MAY_USE.put(
                "trainer.source",
                List.of(
                        "graphs.recipe",
                        "trainer.data",
                        "trainer.image",
                        "trainer.layout",
                        "trainer.packed",
                        "trainer.parquet",
                        "trainer.shards"));
        MAY_USE.put("trainer.schedule", List.of("graphs.programs", "graphs.recipe"));
        MAY_USE.put("trainer.demo", List.of("graphs.random", "trainer.image"));
        MAY_USE.put("trainer.ranks", List.of("graphs.*", "runtime.*"));
        MAY_USE.put(
                "trainer.eval",
                List.of("graphs.*", "runtime.*", "trainer.schedule", "trainer.data", "trainer.image", "trainer.ranks"));
        MAY_USE.put(
                "trainer.train",
                List.of(
                        "graphs.*",
                        "runtime.*",
                        "trainer.data",
                        "trainer.image",
                        "trainer.ranks",
                        "trainer.schedule",
                        "trainer.source",
                        "trainer.eval"));
        MAY_USE.put("trainer.report", List.of("graphs.*", "trainer.eval", "trainer.train"));
        MAY_USE.put("tools.config", List.of("graphs.models", "graphs.recipe"));
        MAY_USE.put("tools.run", List.of("graphs.*", "runtime.*", "trainer.*", "tools.config"));
        MAY_USE.put("tools.roofline", List.of("graphs.*", "runtime.*", "tools.config", "tools.run"));
        MAY_USE.put("tools.demo", List.of("graphs.*", "runtime.*", "trainer.*", "tools.config", "tools.run"));
        MAY_USE.put("tools.scaling", List.of("graphs.*", "runtime.*", "tools.config", "tools.run"));
        MAY_USE.put(
                "tools.bench",
                List.of(
                        "graphs.*",
                        "runtime.*",
                        "trainer.*",
                        "tools.config",
                        "tools.roofline",
                        "tools.run",
                        "tools.scaling"));
        MAY_USE.put("tools.export", List.of("graphs.*", "runtime.*", "trainer.*", "tools.config", "tools.run"));
        MAY_USE.put("tools.stat", List.of("graphs.*", "runtime.*", "trainer.*"));
        MAY_USE.put("tools.eval", List.of("graphs.*", "runtime.*", "trainer.*", "tools.stat"));
        MAY_USE.put("tools.rank", List.of("graphs.*", "runtime.*", "trainer.*", "tools.config"));
        MAY_USE.put("tools.inspect", List.of("graphs.*", "runtime.*", "trainer.*", "tools.config"));
        MAY_USE.put("tools.pictures", List.of("graphs.*", "runtime.*", "trainer.*"));
        MAY_USE.put("tools.data", List.of("graphs.*", "trainer.*", "tools.pictures"));
        MAY_USE.put("tools.models", List.of("graphs.*"));
        MAY_USE.put("tools.selfcheck", List.of("graphs.*", "runtime.*", "trainer.*", "tools.config"));
        MAY_USE.put(
                "tools.report",
                List.of(
                        "graphs.*",
                        "runtime.*",
                        "trainer.*",
                        "tools.config",
                        "tools.demo",
                        "tools.export",
                        "tools.pictures",
                        "tools.run"));
        MAY_USE.put("tools.cli", List.of("graphs.*", "runtime.*", "trainer.*", "tools.*"));
    }

    /// What runs graphs, or has to do with what came of them: it has what a bundle holds. (`tools.run` makes the
    /// bundle.)
    private static final List<String> BEHIND_THE_BUNDLE = List.of(
            "runtime.",
            "trainer.",
            "tools.demo",
            "tools.eval",
            "tools.export",
            "tools.pictures",
            "tools.rank",
            "tools.report",
            "tools.bench");

    private static final List<CompiledClass> CLASSES = new ArrayList<>();

    @BeforeAll
    static void readAllModules() throws IOException {
        CLASSES.clear();
        for (String module : List.of("graphs", "runtime", "trainer", "tools")) {
            CLASSES.addAll(CompiledClass.all(Path.of("..", module, "target", "classes")));
        }
        assertTrue(CLASSES.size() > 100, "the modules' compiled classes are beside this one");
    }

    private static String shortName(CompiledClass type) {
        return type.packageName().substring(ROOT.length());
    }

    private static boolean isGenerated(CompiledClass type) {
        return shortName(type).equals("graphs.onnx.proto");
    }

    @Test
    void packagesUseOnlyWhatStandsBelowThem() {
        var wrong = new TreeSet<String>();
        for (CompiledClass type : CLASSES) {
            String user = shortName(type);
            List<String> allowed = MAY_USE.get(user);
            if (allowed == null) {
                wrong.add("package " + user + " has no row in the table of this test");
                continue;
            }
            for (String used : type.packages()) {
                if (used.startsWith(ROOT) && !mayUse(allowed, used.substring(ROOT.length()))) {
                    wrong.add(type.name() + " uses " + used);
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    private static boolean mayUse(List<String> allowed, String used) {
        return used.equals("graphs")
                || allowed.contains(used)
                || allowed.contains(used.substring(0, Math.max(0, used.indexOf('.'))) + ".*");
    }

    @Test
    void nothingBehindTheBundleKnowsAModel() {
        assertEquals(
                List.of(),
                CLASSES.stream()
                        .filter(type -> type.packages().contains(ROOT + "graphs.models"))
                        .filter(type -> BEHIND_THE_BUNDLE.stream().anyMatch(shortName(type)::startsWith))
                        .map(CompiledClass::name)
                        .toList());
    }

    @Test
    void tableItselfHasNoCycle() {
        var below = new HashSet<String>();
        MAY_USE.forEach((user, allowed) -> {
            for (String used : allowed) {
                assertTrue(used.endsWith(".*") || below.contains(used), user + " -> " + used + " points upward");
            }
            below.add(user);
        });
    }

    @Test
    void librariesStayInThePackagesThatWrapThem() {
        var wrong = new TreeSet<String>();
        for (CompiledClass type : CLASSES) {
            ONLY_IN.forEach((library, homes) -> {
                boolean uses = type.packages().stream().anyMatch(used -> (used + ".").startsWith(library + "."));
                if (uses && !homes.contains(shortName(type)) && !isGenerated(type)) {
                    wrong.add(type.name() + " uses " + library);
                }
            });
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void onlyTheCommandLinePrints() {
        assertEquals(
                List.of(),
                CLASSES.stream()
                        .filter(CompiledClass::standardStreams)
                        .filter(type -> !shortName(type).equals("tools.cli"))
                        .map(CompiledClass::name)
                        .toList());
    }

    @Test
    void nothingFollowsTheLocaleOfTheMachine() {
        assertEquals(
                List.of(),
                CLASSES.stream()
                        .filter(type -> !isGenerated(type))
                        .filter(type -> !type.localeCalls().isEmpty())
                        .map(type ->
                                type.name() + " uses " + type.localeCalls() + ": graphs.Text formats without a locale")
                        .toList());
    }

    @Test
    void noStaticFieldCanChange() {
        assertEquals(
                List.of(),
                CLASSES.stream()
                        .filter(type -> !isGenerated(type))
                        .flatMap(type -> type.mutableStatics().stream().map(field -> type.name() + "." + field))
                        .toList());
    }

    @Test
    void everyPackageIsNullMarked() {
        var packages = new TreeSet<String>();
        var marked = new TreeSet<String>();
        for (CompiledClass type : CLASSES) {
            if (!isGenerated(type)) {
                packages.add(type.packageName());
            }
            if (type.nullMarked() && type.name().endsWith(".package-info")) {
                marked.add(type.packageName());
            }
        }
        assertEquals(packages, marked);
    }

    @Test
    void readerOfClassesSeesWhatThisTestForbids() throws IOException {
        // Guards against a scan that finds nothing because it cannot see: this class prints, refers and changes.
        CompiledClass bad = CompiledClass.all(Path.of("target", "test-classes")).stream()
                .filter(type -> type.name().endsWith("Forbidden"))
                .findFirst()
                .orElseThrow();
        assertTrue(bad.standardStreams());
        assertEquals(List.of("counter"), bad.mutableStatics());
        assertEquals(
                Set.of("Locale.getDefault", "PrintStream.printf", "String.formatted", "String.toLowerCase"),
                bad.localeCalls());
        assertTrue(bad.packages().contains("org.apache.commons.cli"), () -> "in " + bad.packages());
    }
}
