package dev.lejepa.trainer.image;

import java.util.Optional;

/// Formats of images that are known by their first bytes, but not read.
enum ForeignFormat {
    BIG_TIFF("a BigTIFF"),
    JPEG_2000("a JPEG 2000"),
    ICO("a Windows icon"),
    ICNS("an Apple icon"),
    PSD("a Photoshop"),
    PCX("a PCX"),
    QOI("a QOI"),
    DDS("a DirectDraw"),
    SGI("an SGI"),
    FITS("a FITS"),
    SVG("an SVG"),
    PDF("a PDF");

    private final String article;

    ForeignFormat(String article) {
        this.article = article;
    }

    /// The name with its article.
    String article() {
        return article;
    }

    static Optional<ForeignFormat> of(Bytes bytes) {
        for (ForeignFormat format : values()) {
            if (format.begins(bytes)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private boolean begins(Bytes bytes) {
        return switch (this) {
            case BIG_TIFF -> text(bytes, 0, "II+\0") || text(bytes, 0, "MM\0+");
            case JPEG_2000 -> text(bytes, 4, "jP  \r\n\u0087\n") || bytes.startsWith(0, 0xFF, 0x4F, 0xFF, 0x51);
            case ICO -> bytes.startsWith(0, 0, 0, 1, 0) || bytes.startsWith(0, 0, 0, 2, 0);
            case ICNS -> text(bytes, 0, "icns");
            case PSD -> text(bytes, 0, "8BPS");
            case PCX -> bytes.startsWith(0, 10, 5, 1) || bytes.startsWith(0, 10, 3, 1) || bytes.startsWith(0, 10, 2, 1);
            case QOI -> text(bytes, 0, "qoif");
            case DDS -> text(bytes, 0, "DDS ");
            case SGI -> bytes.startsWith(0, 0x01, 0xDA);
            case FITS -> text(bytes, 0, "SIMPLE  =");
            case SVG -> text(bytes, 0, "<svg") || text(bytes, 0, "<?xml");
            case PDF -> text(bytes, 0, "%PDF");
        };
    }

    private static boolean text(Bytes bytes, int at, String text) {
        return bytes.startsWith(at, text.chars().toArray());
    }
}
