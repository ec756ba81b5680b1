package dev.lejepa.graphs.ir;

/// The order of the axes of a batch of maps.
public enum ImageLayout {
    /// `[N, C, H, W]`: a channel after the other, ONNX's own.
    NCHW(1, 2),
    /// `[N, H, W, C]`: the channels of a place side by side, as products over channels read them fastest on host cores.
    NHWC(3, 1);

    private final int channels;
    private final int height;

    ImageLayout(int channels, int height) {
        this.channels = channels;
        this.height = height;
    }

    /// The axis of the channels.
    public int channelAxis() {
        return channels;
    }

    /// The axis of the rows; that of the columns comes next.
    public int heightAxis() {
        return height;
    }

    public int widthAxis() {
        return height + 1;
    }

    /// The channels of a map.
    public long channels(Shape map) {
        return map.dim(channels);
    }

    public long height(Shape map) {
        return map.dim(height);
    }

    public long width(Shape map) {
        return map.dim(height + 1);
    }

    /// The shape of other maps for the same images.
    public Shape shape(Shape like, long newChannels, long newHeight, long newWidth) {
        return like.with(channels, newChannels).with(height, newHeight).with(height + 1, newWidth);
    }

    /// The elements of maps in this layout in another one.
    public Value to(ImageLayout other, Value map) {
        if (this == other) {
            return map;
        }
        return other == NHWC ? map.transpose(0, 2, 3, 1) : map.transpose(0, 3, 1, 2);
    }
}
