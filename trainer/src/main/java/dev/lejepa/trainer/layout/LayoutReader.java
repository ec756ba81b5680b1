package dev.lejepa.trainer.layout;

import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Path;
import java.util.List;

/// Knows the files of one data set as they are distributed.
interface LayoutReader {
    /// Folders, relative to the one that a person gives, in which the files may begin: the folder itself and those that
    /// the archive makes, from the outside in.
    List<String> places();

    /// Whether a folder is where the files begin.
    boolean begins(Path folder);

    /// What such a folder holds, for a person who gave another one.
    String contents();

    /// @param root where the files begin
    /// @throws BadInputException if files are missing, damaged or say what cannot be
    ImageSource read(Path root, Split split);
}
