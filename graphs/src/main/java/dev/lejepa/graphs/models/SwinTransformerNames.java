package dev.lejepa.graphs.models;

/// timm's names of Swin transformers.
final class SwinTransformerNames {
    private SwinTransformerNames() {}

    static NameTable table() {
        return new NameTable(SwinTransformer.standard(), """
                @T depths=[2,2,6,2]
                @S depths=[2,2,18,2]
                @B depths=[2,2,18,2] embed_dim=128 num_heads=[4,8,16,32]
                @L depths=[2,2,18,2] embed_dim=192 num_heads=[6,12,24,48]

                swin_tiny_patch4_window7_224 @T
                swin_small_patch4_window7_224 @S
                swin_base_patch4_window7_224 @B
                swin_base_patch4_window12_384 @B img_size=384 window_size=12
                swin_large_patch4_window7_224 @L
                swin_large_patch4_window12_384 @L img_size=384 window_size=12
                swin_s3_tiny_224 @T window_size=[7,7,14,7]
                swin_s3_small_224 @S window_size=[14,14,14,7]
                swin_s3_base_224 depths=[2,2,30,2] window_size=[7,7,14,7]
                """);
    }
}
