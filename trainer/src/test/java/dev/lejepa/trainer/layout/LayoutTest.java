package dev.lejepa.trainer.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {
    @TempDir
    Path root;

    @Test
    void texturesTrainOnTrainingAndValidationImagesOfSplitOne() throws IOException {
        Miniature.dtd(root.resolve("dtd/dtd"));
        Splits splits = Layout.DTD.open(root);
        assertEquals(List.of("banded", "dotted", "zigzagged"), splits.train().classes());
        assertEquals(
                List.of(
                        "images/zigzagged/z_2.jpg 2",
                        "images/banded/b_5.jpg 0",
                        "images/banded/b_4.jpg 0",
                        "images/dotted/d_1.jpg 1"),
                Miniature.told(splits.train()));
        assertEquals(List.of("images/dotted/d_9.jpg 1", "images/banded/b_2.jpg 0"), Miniature.told(splits.test()));
    }

    @Test
    void outerAndInnerFolderAreTheSameDataSet() throws IOException {
        Path inner = root.resolve("fgvc-aircraft-2013b/data");
        Miniature.aircraft(inner);
        var expected = Miniature.told(Layout.AIRCRAFT.open(inner).train());
        assertEquals(3, expected.size());
        assertEquals(
                expected, Miniature.told(Layout.AIRCRAFT.open(inner.getParent()).train()));
        assertEquals(expected, Miniature.told(Layout.AIRCRAFT.open(root).train()));
    }

    @Test
    void aircraftAreLabelledByTheOrderOfTheVariants() throws IOException {
        Miniature.aircraft(root);
        Splits splits = Layout.AIRCRAFT.open(root);
        assertEquals(List.of("707-320", "Boeing 717", "F/A-18"), splits.train().classes());
        assertEquals(
                List.of("images/1025794.jpg 0", "images/1340192.jpg 2", "images/0056978.jpg 1"),
                Miniature.told(splits.train()));
        assertEquals(List.of("images/1514522.jpg 1"), Miniature.told(splits.test()));
    }

    @Test
    void anAircraftOfAnUnknownVariantIsRefusedWithItsLine() throws IOException {
        Miniature.aircraft(root);
        Miniature.text(root.resolve("images_variant_test.txt"), "1514522 Boeing 717", "", "1025794 Concorde");
        assertEquals(
                root.resolve("images_variant_test.txt")
                        + ": line 3 is '1025794 Concorde', expected the number of an image and a variant out of variants.txt",
                refusal(Layout.AIRCRAFT));
    }

    @Test
    void carsAreLabelledFromOneInTheirFilesAndFromZeroHere() throws IOException {
        Miniature.cars(root, "cars_train");
        Splits splits = Layout.CARS.open(root);
        assertEquals(
                List.of("AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Citroën 2CV 1970"),
                splits.train().classes());
        assertEquals(
                List.of(
                        "cars_train/00001.jpg 2",
                        "cars_train/00002.jpg 0",
                        "cars_train/00003.jpg 1",
                        "cars_train/00004.jpg 2"),
                Miniature.told(splits.train()));
        assertEquals(List.of("cars_test/00001.jpg 1", "cars_test/00002.jpg 0"), Miniature.told(splits.test()));
    }

    @Test
    void carsMayLieAFolderDeeperAndTheirTestLabelsInTheKit() throws IOException {
        Miniature.cars(root, "cars_train/cars_train");
        Files.move(
                root.resolve("cars_test_annos_withlabels.mat"), root.resolve("devkit/cars_test_annos_withlabels.mat"));
        Splits splits = Layout.CARS.open(root);
        assertEquals("cars_train/cars_train/00001.jpg", splits.train().name(0).toString());
        assertEquals(2, splits.test().size());
    }

    @Test
    void carsWithoutLabelsOfTheTestImagesSayWhichFileIsMissing() throws IOException {
        Miniature.cars(root, "cars_train");
        Files.delete(root.resolve("cars_test_annos_withlabels.mat"));
        assertEquals(root.resolve("cars_test_annos_withlabels.mat") + ": no such file", refusal(Layout.CARS));
    }

    @Test
    void flowersHaveTheirNamesAndTrainOnTwoOfThreeSets() throws IOException {
        Miniature.flowers(root.resolve("flowers-102"));
        Splits splits = Layout.FLOWERS102.open(root);
        assertEquals(102, splits.train().classes().size());
        assertEquals("pink primrose", splits.train().classes().getFirst());
        assertEquals("blackberry lily", splits.train().classes().getLast());
        assertEquals(
                List.of(
                        "jpg/image_00003.jpg 101",
                        "jpg/image_00001.jpg 76",
                        "jpg/image_00004.jpg 0",
                        "jpg/image_00007.jpg 4"),
                Miniature.told(splits.train()));
        assertEquals(
                List.of("jpg/image_00006.jpg 76", "jpg/image_00002.jpg 0", "jpg/image_00005.jpg 4"),
                Miniature.told(splits.test()));
    }

    @Test
    void aNumberOfNoFlowerIsRefused() throws IOException {
        Miniature.flowers(root);
        byte[] sets = Miniature.resource("setid.mat");
        sets[new String(sets, StandardCharsets.ISO_8859_1).lastIndexOf("\6\0\2\0\5\0")] = 9;
        Files.write(root.resolve("setid.mat"), sets);
        assertEquals(
                root.resolve("setid.mat") + ": tstid names image 9, expected 1 to 7, as imagelabels.mat has it",
                refusal(Layout.FLOWERS102));
    }

    @Test
    void foodIsLabelledByTheOrderOfItsNames() throws IOException {
        Miniature.food(root.resolve("food-101"));
        Splits splits = Layout.FOOD101.open(root);
        assertEquals(List.of("apple_pie", "churros"), splits.test().classes());
        assertEquals(
                List.of(
                        "images/churros/1004234.jpg 1",
                        "images/apple_pie/1005649.jpg 0",
                        "images/apple_pie/1014775.jpg 0"),
                Miniature.told(splits.train()));
    }

    @Test
    void foodWithoutItsTextListsIsReadFromJson() throws IOException {
        Miniature.food(root);
        var expected = Miniature.told(Layout.FOOD101.open(root).train());
        Miniature.text(
                root.resolve("meta/train.json"),
                "{\"churros\": [\"churros/1004234\"], \"apple_pie\": [\"apple_pie/1005649\", \"apple_pie/1014775\"]}");
        Files.delete(root.resolve("meta/train.txt"));
        assertEquals(expected, Miniature.told(Layout.FOOD101.open(root).train()));
    }

    @Test
    void missingImagesAreNamed() throws IOException {
        Miniature.food(root);
        Files.delete(root.resolve("images/churros/1004234.jpg"));
        assertEquals(
                root + ": 1 of 3 images that meta/train.txt names are missing: images/churros/1004234.jpg",
                refusal(Layout.FOOD101));
    }

    @Test
    void petsHaveTheNamesOfTheirBreeds() throws IOException {
        Miniature.pets(root.resolve("oxford-iiit-pet"));
        Splits splits = Layout.PETS.open(root);
        assertEquals(
                List.of("Abyssinian", "American Bulldog", "Egyptian Mau"),
                splits.train().classes());
        assertEquals(
                List.of("images/american_bulldog_8.jpg 1", "images/Abyssinian_201.jpg 0"),
                Miniature.told(splits.test()));
    }

    @Test
    void aPetOfNoBreedIsRefused() throws IOException {
        Miniature.pets(root);
        Miniature.text(root.resolve("annotations/test.txt"), "american_bulldog_8 38 2 1");
        assertEquals(
                root.resolve("annotations/test.txt")
                        + ": line 1 is 'american_bulldog_8 38 2 1', expected a breed from 1 to 37, not '38'",
                refusal(Layout.PETS));
    }

    @Test
    void aFolderOfOnesOwnHasItsSplitsAsFolders() throws IOException {
        Miniature.images(root, "train/a/1.png", "train/b/2.png", "val/a/3.png", "val/b/4.png");
        Splits splits = Layout.FOLDER.open(root);
        assertEquals(List.of("a/1.png 0", "b/2.png 1"), Miniature.told(splits.train()));
        assertEquals(List.of("a/3.png 0", "b/4.png 1"), Miniature.told(splits.test()));
    }

    @Test
    void trainingAndTestImagesMayLieInTwoFolders() throws IOException {
        Miniature.dtd(root.resolve("one"));
        Miniature.dtd(root.resolve("other/dtd"));
        Splits splits = Layout.DTD.open(root.resolve("one"), root.resolve("other"));
        assertEquals(PathText.shown(root.resolve("one")), splits.train().place());
        assertEquals(PathText.shown(root.resolve("other/dtd")), splits.test().place());
    }

    @Test
    void aLayoutThatIsAnothersIsNamed() throws IOException {
        Miniature.food(root);
        assertEquals(
                root + ": is no folder of dtd: expected labels/train1.txt, labels/val1.txt, labels/test1.txt and"
                        + " images/, here or in dtd, dtd/dtd; it looks like food101 (--layout food101)",
                refusal(Layout.DTD));
    }

    @Test
    void eachLayoutIsRecognizedAndNoOtherIs() throws IOException {
        Miniature.dtd(root.resolve("1"));
        Miniature.aircraft(root.resolve("2"));
        Miniature.cars(root.resolve("3"), "cars_train");
        Miniature.cifar10Pickles(root.resolve("4"));
        Miniature.cifar100Pickles(root.resolve("5"));
        Miniature.flowers(root.resolve("6"));
        Miniature.food(root.resolve("7"));
        Miniature.pets(root.resolve("8"));
        Miniature.imageNet(root.resolve("9"));
        Miniature.images(root, "10/train/a/1.png", "10/test/a/2.png");
        List<Layout> all = List.of(Layout.values());
        for (int folder = 1; folder <= all.size(); folder++) {
            for (Layout layout : all) {
                Path data = root.resolve(Integer.toString(folder));
                Layout owner = all.get(folder - 1);
                if (layout == owner) {
                    assertTrue(layout.open(data).train().size() > 0);
                } else if (layout != Layout.FOLDER) { // which any folder of folders may be
                    String said = assertThrows(BadInputException.class, () -> layout.open(data))
                            .getMessage();
                    assertEquals(
                            owner != Layout.FOLDER,
                            said.endsWith("it looks like " + owner + " (--layout " + owner + ")"),
                            said);
                }
            }
        }
    }

    @Test
    void aFolderThatIsNotThereSaysWhatWasExpected() {
        assertEquals(
                root.resolve("gone") + ": no such folder, expected the folder of pets: annotations/trainval.txt,"
                        + " annotations/test.txt and images/",
                assertThrows(BadInputException.class, () -> Layout.PETS.open(root.resolve("gone")))
                        .getMessage());
    }

    @Test
    void anUnknownLayoutNamesTheNearest() {
        String said = assertThrows(BadInputException.class, () -> Layout.of("flowers"))
                .getMessage();
        assertTrue(
                said.startsWith("layout 'flowers' is not known, expected one of dtd, aircraft, cars, cifar10"), said);
        assertTrue(said.endsWith("nearest is flowers102"), said);
        assertEquals(Layout.CIFAR100, Layout.of("cifar100"));
    }

    private String refusal(Layout layout) {
        return assertThrows(BadInputException.class, () -> layout.open(root)).getMessage();
    }
}
