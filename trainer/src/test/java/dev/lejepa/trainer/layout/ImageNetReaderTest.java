package dev.lejepa.trainer.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNetReaderTest {
    private static final List<String> VALIDATION = List.of(
            "ILSVRC2012_val_00000001.JPEG 1", "ILSVRC2012_val_00000002.JPEG 0", "ILSVRC2012_val_00000003.JPEG 2");

    @TempDir
    Path root;

    @Test
    void groundTruthCountsClassesAsTheKitDoesAndLabelsFollowWordNet() throws IOException {
        Miniature.imageNet(root.resolve("imagenet"));
        Splits splits = Layout.IMAGENET.open(root);
        List<String> classes =
                List.of("n01440764 tench, Tinca tinca", "n02114367 timber wolf", "n02119789 kit fox, Vulpes macrotis");
        assertEquals(classes, splits.train().classes());
        assertEquals(classes, splits.test().classes());
        assertEquals(
                List.of("n01440764/n01440764_1.JPEG 0", "n02114367/n02114367_1.JPEG 1", "n02119789/n02119789_1.JPEG 2"),
                Miniature.told(splits.train()));
        assertEquals(VALIDATION, Miniature.told(splits.test()));
    }

    @Test
    void groundTruthMayNameClassesByWordNet() throws IOException {
        Miniature.imageNetImages(root);
        Miniature.text(
                root.resolve("imagenet_2012_validation_synset_labels.txt"), "n02114367", "n01440764", "n02119789");
        assertEquals(VALIDATION, Miniature.told(Layout.IMAGENET.open(root).test()));
    }

    @Test
    void kagglesArchiveHasItsTableOutside() throws IOException {
        Miniature.imageNetImages(root.resolve("ILSVRC/Data/CLS-LOC"));
        Miniature.text(
                root.resolve("LOC_val_solution.csv"),
                "ImageId,PredictionString",
                "ILSVRC2012_val_00000001,n02114367 85 131 499 499 ",
                "ILSVRC2012_val_00000002,n01440764 1 2 3 4 n01440764 5 6 7 8",
                "ILSVRC2012_val_00000003,n02119789 1 2 3 4");
        Miniature.text(
                root.resolve("LOC_synset_mapping.txt"),
                "n01440764 tench, Tinca tinca",
                "n02114367 timber wolf",
                "n02119789 kit fox");
        Splits splits = Layout.IMAGENET.open(root);
        assertEquals(VALIDATION, Miniature.told(splits.test()));
        assertEquals("n02119789 kit fox", splits.test().classes().get(2));
    }

    @Test
    void validationImagesMayLieInFoldersOfClasses() throws IOException {
        Miniature.images(root, "train/n01440764/1.JPEG", "train/n02114367/2.JPEG", "val/n02114367/3.JPEG");
        Splits splits = Layout.IMAGENET.open(root);
        assertEquals(List.of("n02114367/3.JPEG 1"), Miniature.told(splits.test()));
        assertEquals(List.of("n01440764", "n02114367"), splits.test().classes());
    }

    @Test
    void aClassThatTrainingLacksIsRefused() throws IOException {
        Miniature.images(root, "train/n01440764/1.JPEG", "val/n02114367/3.JPEG");
        assertEquals(
                root.resolve("val") + ": has images of 'n02114367', which is none of the 1 classes of training",
                refusal());
    }

    @Test
    void numbersWithoutTheKitsListAreRefused() throws IOException {
        Miniature.imageNetImages(root);
        Miniature.text(root.resolve("ILSVRC2012_validation_ground_truth.txt"), "3", "2", "1");
        assertEquals(
                root.resolve("ILSVRC2012_validation_ground_truth.txt") + ": holds numbers of classes; expected meta.mat"
                        + " of the development kit (or map_clsloc.txt) beside it, which says what they are",
                refusal());
    }

    @Test
    void imagesInOneFolderNeedTheGroundTruth() throws IOException {
        Miniature.imageNetImages(root);
        assertEquals(
                root + ": its validation images lie in one folder, and nothing says what they show; expected"
                        + " ILSVRC2012_validation_ground_truth.txt (with meta.mat),"
                        + " imagenet_2012_validation_synset_labels.txt or LOC_val_solution.csv beside it, or a folder"
                        + " per class",
                refusal());
    }

    @Test
    void aValidationImageThatIsNotThereIsNamed() throws IOException {
        Miniature.imageNet(root);
        Files.delete(root.resolve("val/ILSVRC2012_val_00000002.JPEG"));
        assertEquals(
                root.resolve("val") + ": 1 of 3 images that ILSVRC2012_validation_ground_truth.txt names are missing:"
                        + " ILSVRC2012_val_00000002.JPEG",
                refusal());
    }

    private String refusal() {
        return assertThrows(BadInputException.class, () -> Layout.IMAGENET.open(root))
                .getMessage();
    }
}
