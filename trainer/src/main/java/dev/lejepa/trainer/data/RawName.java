package dev.lejepa.trainer.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A relative path as the bytes that the file system has for it: as text it depends on the locale.
final class RawName {
    private static final int HEX = 16;

    private RawName() {}

    static byte[] bytes(Path relative) {
        var text = relative.toString();
        // bytes that a locale has no letter for become a letter outside ASCII
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        var root = relative.getFileSystem().getPath("/");
        return unescaped(root.resolve(relative).toUri().getRawPath());
    }

    /// For people: UTF-8 if it is that, else one letter a byte.
    static String text(Path relative) {
        var bytes = bytes(relative);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /// Without the slash in front, and that behind a folder.
    private static byte[] unescaped(String path) {
        var bytes = new ByteArrayOutputStream();
        var end = path.endsWith("/") ? path.length() - 1 : path.length();
        for (var i = 1; i < end; i++) {
            if (path.charAt(i) == '%') {
                bytes.write(Integer.parseInt(path, i + 1, i + 3, HEX));
                i += 2;
            } else {
                bytes.write(path.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
