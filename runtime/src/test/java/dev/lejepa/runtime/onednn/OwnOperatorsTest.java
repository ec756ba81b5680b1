package dev.lejepa.runtime.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.runtime.host.HostOperators;
import dev.lejepa.runtime.kernel.Operator;
import dev.lejepa.runtime.kernel.Peers;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OwnOperatorsTest {
    @Test
    void kernelsForHostCoresAreThoseThatTheOperatorsName() {
        try (var library = OneDnn.open().orElse(null)) {
            assumeTrue(library != null, "no oneDNN for this platform");
            var narrow = library.computesBFloat16();
            var named = Stream.of(OwnOperator.values())
                    .flatMap(op -> op.onHost().stream()
                            .filter(form -> narrow || form == Form.FLOAT32)
                            .map(op::on))
                    .collect(Collectors.toSet());
            var found = Stream.of(
                            HostOperators.all(Peers.none()),
                            narrow ? HostOperators.onBFloat16(Peers.none()) : List.<Operator>of(),
                            OneDnnOperators.over(library, 1))
                    .flatMap(Collection::stream)
                    .map(Operator::signature)
                    .toList();
            assertEquals(named, Set.copyOf(found));
            assertEquals(List.of(), found.stream().filter(s -> twice(found, s)).toList());
        }
    }

    private static boolean twice(List<Signature> all, Signature one) {
        return all.stream().filter(s -> s.name().equals(one.name())).count() > 1;
    }
}
