package dev.lejepa.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ListedImages;
import dev.lejepa.trainer.data.Ordering;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixtureTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static ImageSource source(String name, List<String> classes, int images) {
        var items = IntStream.range(0, images)
                .mapToObj(i -> new ListedImages.Item(
                        Path.of(i + ".png"), classes.isEmpty() ? ImageSource.UNLABELLED : i % classes.size()))
                .toList();
        return new ListedImages(Path.of("/" + name), classes, items);
    }

    private static ImageSource mixed(ImageSource... parts) {
        return Mixture.of(
                List.of(parts),
                IntStream.range(0, parts.length).mapToObj(i -> NONE).toList());
    }

    @Test
    void classesOfOneNameAreOneClass() {
        var mixed = mixed(source("one", List.of("dog", "cat"), 3), source("two", List.of("cat", "ant"), 2));
        assertEquals(List.of("ant", "cat", "dog"), mixed.classes());
        assertEquals(
                List.of(2, 1, 2, 1, 0),
                IntStream.range(0, 5).map(mixed::label).boxed().toList());
        assertEquals(Path.of("/two/1.png"), mixed.file(4));
        assertEquals(Path.of("1.png"), mixed.name(4));
        assertEquals("/one and /two", mixed.place());
        assertEquals(List.of(), mixed.notes());
    }

    @Test
    void equalClassesKeepTheirOrder() {
        var classes = List.of("dog", "cat");
        assertEquals(
                classes,
                mixed(source("one", classes, 1), source("two", classes, 1)).classes());
    }

    @Test
    void labelsAreLeftAsideWhereASourceHasNone() {
        var mixed = mixed(source("one", List.of("dog"), 2), source("two", List.of(), 2));
        assertEquals(List.of(), mixed.classes());
        assertEquals(ImageSource.UNLABELLED, mixed.label(0));
        assertEquals(List.of("labels are left aside, as /two has none"), mixed.notes());
    }

    @Test
    void classesThatDoNotMeetAreTold() {
        var mixed = mixed(source("one", List.of("dog"), 1), source("two", List.of("0", "1"), 2));
        assertEquals(List.of("0", "1", "dog"), mixed.classes());
        assertTrue(
                mixed.notes().getLast().contains("none of the 2 classes of /two (the first is '0')"),
                mixed.notes().toString());
    }

    @Test
    void labelsFollowAnotherListOfTheSameClasses() {
        var held = Sources.inClasses(List.of("cat", "dog"), source("one", List.of("dog", "cat"), 2));
        assertEquals(List.of("cat", "dog"), held.classes());
        assertEquals(1, held.label(0));
    }

    @Test
    void weightsAreSharesOfAnEpoch() {
        var parts = List.of(source("one", List.of(), 10), source("two", List.of(), 50));
        var mixed = Mixture.of(parts, List.of(OptionalDouble.of(2), NONE));
        assertEquals(
                "an epoch draws 40 images of /one, which has 10, 20 images of /two, which has 50",
                mixed.notes().getFirst());
        var times = new int[60];
        for (var epoch = 0; epoch < 5; epoch++) {
            var order = mixed.ordering().pass(3, epoch);
            assertEquals(60, order.length);
            assertEquals(40, IntStream.of(order).filter(image -> image < 10).count());
            IntStream.of(order).forEach(image -> times[image]++);
        }
        // 200 draws of 10 images and 100 of 50: each comes as often as any other of its source
        assertTrue(Arrays.stream(times, 0, 10).allMatch(n -> n == 20), Arrays.toString(times));
        assertTrue(Arrays.stream(times, 10, 60).allMatch(n -> n == 2), Arrays.toString(times));
    }

    @Test
    void withoutWeightsEachImageComesOnce() {
        var order = mixed(source("one", List.of(), 10), source("two", List.of(), 50))
                .ordering();
        assertEquals(new Ordering.Free(60), order);
    }

    @Test
    void aShareOfNoImageIsRefused() {
        var parts = List.of(source("one", List.of(), 3), source("two", List.of(), 3));
        var refused = assertThrows(
                BadInputException.class,
                () -> Mixture.of(parts, List.of(OptionalDouble.of(100), OptionalDouble.of(1))));
        assertTrue(
                refused.getMessage().contains("/two: its weight gives it none of the 6 images"), refused.getMessage());
    }
}
