package dev.lejepa.trainer.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The classes of ImageNet: WordNet's numbers (`n01440764`), what they mean, and the numbers that the ground truth of
/// the validation images calls them by.
///
/// @param source the file that says so
/// @param words by WordNet's number; empty where unknown
/// @param ofNumber WordNet's number by that of the ground truth; empty where unknown
record Synsets(Path source, TreeMap<String, String> words, Map<Integer, String> ofNumber) {
    private static final int ALL = 100_000;

    /// The first that is there: `meta.mat` of the development kit, its `map_clsloc.txt`, Kaggle's
    /// `LOC_synset_mapping.txt`.
    ///
    /// @param folders to look in
    static Optional<Synsets> find(List<Path> folders) {
        return first(folders, "meta.mat")
                .map(Synsets::ofMat)
                .or(() -> first(folders, "map_clsloc.txt").map(Synsets::ofMap))
                .or(() -> first(folders, "LOC_synset_mapping.txt").map(Synsets::ofWords));
    }

    /// The first file of a name.
    static Optional<Path> first(List<Path> folders, String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /// A class as people read it: `n01440764 tench, Tinca tinca`.
    String shown(String wordNet) {
        String meaning = words.getOrDefault(wordNet, "");
        return meaning.isEmpty() ? wordNet : wordNet + " " + meaning;
    }

    /// Synsets without others below them are classes; the others are groups of these.
    private static Synsets ofMat(Path file) {
        MatFile mat = MatFile.read(file);
        List<String> wordNet = mat.texts("synsets", "WNID");
        List<String> words = mat.texts("synsets", "words");
        int[] numbers = mat.wholes("synsets", "ILSVRC2012_ID");
        int[] below = mat.wholes("synsets", "num_children");
        var synsets = new Synsets(file, new TreeMap<>(), new HashMap<>());
        for (int i = 0; i < numbers.length; i++) {
            if (below[i] == 0) {
                synsets.words().put(wordNet.get(i), words.get(i));
                synsets.ofNumber().put(numbers[i], wordNet.get(i));
            }
        }
        return synsets;
    }

    /// `n02119789 1 kit_fox`.
    private static Synsets ofMap(Path file) {
        TextList list = TextList.read(file);
        var synsets = new Synsets(file, new TreeMap<>(), new HashMap<>());
        for (TextList.Line line : list.lines()) {
            String[] columns = line.text().split("\\s+", 3);
            if (columns.length != 3) {
                throw list.bad(line, "WordNet's number, a number and words");
            }
            synsets.words().put(columns[0], columns[2].replace('_', ' '));
            synsets.ofNumber().put(list.number(line, columns[1], ALL, "a number"), columns[0]);
        }
        return synsets;
    }

    /// `n01440764 tench, Tinca tinca`.
    private static Synsets ofWords(Path file) {
        TextList list = TextList.read(file);
        var words = new TreeMap<String, String>();
        for (TextList.Line line : list.lines()) {
            int space = line.text().indexOf(' ');
            if (space < 0) {
                throw list.bad(line, "WordNet's number and words");
            }
            words.put(line.text().substring(0, space), line.text().substring(space + 1));
        }
        return new Synsets(file, words, Map.of());
    }
}
