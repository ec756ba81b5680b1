package dev.lejepa.trainer.image;

/// Decodes any JPEG file of eight bits a sample and one, three or four components, whole or not.
sealed interface JpegReader permits LeptonicaReader, ImageIoReader {
    /// The reader of this process: that of libjpeg-turbo, or of the Java runtime where the former does not run.
    static JpegReader any() {
        return LeptonicaReader.open().<JpegReader>map(reader -> reader).orElseGet(ImageIoReader::new);
    }

    /// @param bytes the whole file
    /// @param reduction by which a picture of light may be reduced; no reader must
    /// @param out takes the picture
    void read(String name, JpegHeader header, Bytes bytes, int reduction, RgbImage out) throws BrokenImageException;

    /// What decodes, for a person.
    String library();
}
