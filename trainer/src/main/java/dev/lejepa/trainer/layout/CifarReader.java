package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// CIFAR-10 and CIFAR-100, each distributed in two forms: binary files and pickles of Python.
record CifarReader(List<String> places, CifarBinary binary, CifarForm pickled) implements LayoutReader {
    static CifarReader ten() {
        return new CifarReader(
                List.of("", "cifar-10-batches-bin", "cifar-10-batches-py"),
                new CifarBinary(
                        10,
                        1,
                        Stream.of(1, 2, 3, 4, 5)
                                .map(n -> "data_batch_" + n + ".bin")
                                .toList(),
                        "test_batch.bin",
                        "batches.meta.txt"),
                new CifarPickles(
                        "labels",
                        "label_names",
                        Stream.of(1, 2, 3, 4, 5).map(n -> "data_batch_" + n).toList(),
                        "test_batch",
                        "batches.meta"));
    }

    static CifarReader hundred() {
        return new CifarReader(
                List.of("", "cifar-100-binary", "cifar-100-python"),
                new CifarBinary(100, 2, List.of("train.bin"), "test.bin", "fine_label_names.txt"),
                new CifarPickles("fine_labels", "fine_label_names", List.of("train"), "test", "meta"));
    }

    @Override
    public boolean begins(Path folder) {
        return form(folder).isPresent();
    }

    private Optional<CifarForm> form(Path folder) {
        return Stream.<CifarForm>of(binary, pickled)
                .filter(form -> form.files().stream().map(folder::resolve).allMatch(Files::isRegularFile))
                .findFirst()
                .or(() -> Stream.<CifarForm>of(binary, pickled)
                        .filter(form -> Files.isRegularFile(folder.resolve(form.names()))
                                && form.files().stream().map(folder::resolve).anyMatch(Files::isRegularFile))
                        .findFirst());
    }

    @Override
    public String contents() {
        return String.join(", ", binary.files()) + " and " + binary.names() + ", or "
                + String.join(", ", pickled.files()) + " and " + pickled.names();
    }

    @Override
    public ImageSource read(Path root, Split split) {
        CifarForm form = form(root).orElseThrow();
        List<String> classes = form.classes(root.resolve(form.names()));
        List<CifarImages.Batch> batches = new ArrayList<>();
        for (String name : split == Split.TRAIN ? form.train() : List.of(form.test())) {
            batches.add(form.batch(root, Path.of(name), classes.size()));
        }
        return new CifarImages(PathText.shown(root), root, classes, batches);
    }
}
