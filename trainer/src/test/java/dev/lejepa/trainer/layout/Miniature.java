package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// Writes a few files of each data set as its archive has them. MATLAB's files and pickles are resources, made by
/// `tools/interop/miniatures.py`; images are empty, since nothing here opens them.
final class Miniature {
    private Miniature() {}

    static void text(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    static void images(Path root, String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(root.resolve(name).getParent());
            Files.createFile(root.resolve(name));
        }
    }

    static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(Miniature.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }

    /// Copies a resource to a file.
    static void resource(String name, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, resource(name));
    }

    static void dtd(Path root) throws IOException {
        text(root.resolve("labels/train1.txt"), "zigzagged/z_2.jpg", "banded/b_5.jpg");
        text(root.resolve("labels/val1.txt"), "banded/b_4.jpg", "dotted/d_1.jpg");
        text(root.resolve("labels/test1.txt"), "dotted/d_9.jpg", "banded/b_2.jpg");
        images(
                root.resolve("images"),
                "zigzagged/z_2.jpg",
                "banded/b_5.jpg",
                "banded/b_4.jpg",
                "dotted/d_1.jpg",
                "dotted/d_9.jpg",
                "banded/b_2.jpg");
    }

    static void aircraft(Path root) throws IOException {
        text(root.resolve("variants.txt"), "707-320", "Boeing 717", "F/A-18");
        text(root.resolve("images_variant_trainval.txt"), "1025794 707-320", "1340192 F/A-18", "0056978 Boeing 717");
        text(root.resolve("images_variant_test.txt"), "1514522 Boeing 717");
        images(root.resolve("images"), "1025794.jpg", "1340192.jpg", "0056978.jpg", "1514522.jpg");
    }

    /// @param train folder of the training images
    static void cars(Path root, String train) throws IOException {
        resource("cars_meta.mat", root.resolve("devkit/cars_meta.mat"));
        resource("cars_train_annos.mat", root.resolve("devkit/cars_train_annos.mat"));
        resource("cars_test_annos_withlabels.mat", root.resolve("cars_test_annos_withlabels.mat"));
        images(root.resolve(train), "00001.jpg", "00002.jpg", "00003.jpg", "00004.jpg");
        images(root.resolve("cars_test"), "00001.jpg", "00002.jpg");
    }

    /// Batches of one image: number `n` is red `10 n`, and its label `n % 3`.
    static void cifar10Pickles(Path root) throws IOException {
        for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")) {
            resource("cifar-10-batches-py/" + name, root.resolve(name));
        }
        resource("cifar-10-batches-py/test_batch", root.resolve("test_batch"));
        resource("cifar-10-batches-py/batches.meta", root.resolve("batches.meta"));
    }

    /// The same as binary files.
    static void cifar10Binary(Path root) throws IOException {
        text(root.resolve("batches.meta.txt"), "airplane", "automobile", "bird", "");
        for (int number = 0; number < 6; number++) {
            String name = number == 5 ? "test_batch.bin" : "data_batch_" + (number + 1) + ".bin";
            Files.write(root.resolve(name), binaryImage(10 * number, number % 3));
        }
    }

    /// An image whose red is one number, green the row and blue the column.
    static byte[] binaryImage(int red, int... labels) {
        byte[] image = new byte[labels.length + 3 * 1024];
        for (int i = 0; i < labels.length; i++) {
            image[i] = (byte) labels[i];
        }
        for (int i = 0; i < 1024; i++) {
            image[labels.length + i] = (byte) red;
            image[labels.length + 1024 + i] = (byte) (i / 32);
            image[labels.length + 2048 + i] = (byte) (i % 32);
        }
        return image;
    }

    static void cifar100Pickles(Path root) throws IOException {
        for (String name : List.of("train", "test", "meta")) {
            resource("cifar-100-python/" + name, root.resolve(name));
        }
    }

    static void flowers(Path root) throws IOException {
        resource("imagelabels.mat", root.resolve("imagelabels.mat"));
        resource("setid.mat", root.resolve("setid.mat"));
        for (int number = 1; number <= 7; number++) {
            images(root.resolve("jpg"), "image_0000" + number + ".jpg");
        }
    }

    static void food(Path root) throws IOException {
        text(root.resolve("meta/train.txt"), "churros/1004234", "apple_pie/1005649", "apple_pie/1014775");
        text(root.resolve("meta/test.txt"), "apple_pie/1011328", "churros/1061830");
        images(
                root.resolve("images"),
                "churros/1004234.jpg",
                "apple_pie/1005649.jpg",
                "apple_pie/1014775.jpg",
                "apple_pie/1011328.jpg",
                "churros/1061830.jpg");
    }

    static void pets(Path root) throws IOException {
        text(
                root.resolve("annotations/trainval.txt"),
                "Abyssinian_100 1 1 1",
                "american_bulldog_7 2 2 1",
                "Egyptian_Mau_1 3 1 2");
        text(root.resolve("annotations/test.txt"), "american_bulldog_8 2 2 1", "Abyssinian_201 1 1 1");
        images(
                root.resolve("images"),
                "Abyssinian_100.jpg",
                "american_bulldog_7.jpg",
                "Egyptian_Mau_1.jpg",
                "american_bulldog_8.jpg",
                "Abyssinian_201.jpg");
    }

    /// ImageNet with all validation images in one folder.
    static void imageNet(Path root) throws IOException {
        Path kit = root.resolve("ILSVRC2012_devkit_t12/data");
        resource("meta.mat", kit.resolve("meta.mat"));
        text(kit.resolve("ILSVRC2012_validation_ground_truth.txt"), "3", "2", "1");
        imageNetImages(root);
    }

    static void imageNetImages(Path root) throws IOException {
        images(
                root,
                "train/n02119789/n02119789_1.JPEG",
                "train/n01440764/n01440764_1.JPEG",
                "train/n02114367/n02114367_1.JPEG",
                "val/ILSVRC2012_val_00000001.JPEG",
                "val/ILSVRC2012_val_00000002.JPEG",
                "val/ILSVRC2012_val_00000003.JPEG");
    }

    /// Each image's name and label, in order.
    static List<String> told(ImageSource source) {
        return IntStream.range(0, source.size())
                .mapToObj(image -> source.name(image) + " " + source.label(image))
                .toList();
    }
}
