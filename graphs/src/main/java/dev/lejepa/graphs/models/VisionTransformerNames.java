package dev.lejepa.graphs.models;

/// timm's names of vision transformers.
final class VisionTransformerNames {
    private VisionTransformerNames() {}

    static NameTable table() {
        return new NameTable(VisionTransformer.standard(), """
                @Ti embed_dim=192 depth=12 num_heads=3
                @S embed_dim=384 depth=12 num_heads=6
                @B embed_dim=768 depth=12 num_heads=12
                @L embed_dim=1024 depth=24 num_heads=16
                @H embed_dim=1280 depth=32 num_heads=16
                @g embed_dim=1408 depth=40 num_heads=16
                @G embed_dim=1664 depth=48 num_heads=16
                @M embed_dim=512 depth=12 num_heads=8
                @betwixt embed_dim=640 depth=12 num_heads=10
                @Bplus embed_dim=896 depth=12 num_heads=14
                @g2 embed_dim=1536 depth=40 num_heads=24
                @so400m embed_dim=1152 depth=27 num_heads=16
                @gopt embed_dim=1536 depth=40 num_heads=16
                @wee embed_dim=256 depth=14 num_heads=4
                @little embed_dim=320 depth=14 num_heads=5
                @Md embed_dim=512 depth=20 num_heads=8
                @so150m embed_dim=896 depth=18 num_heads=14
                @so150m2 embed_dim=832 depth=21 num_heads=13
                @clip pre_norm=true +norm_eps=1e-5
                @gap class_token=false global_pool=avg fc_norm=false
                @avg class_token=false global_pool=avg
                @map class_token=false global_pool=map
                @swiglu mlp_ratio=5.33334 act_layer=silu +mlp_layer=swiglu

                vit_tiny_patch16_224 @Ti
                vit_tiny_patch16_384 @Ti img_size=384
                vit_small_patch32_224 @S patch_size=32
                vit_small_patch32_384 @S patch_size=32 img_size=384
                vit_small_patch16_224 @S
                vit_small_patch16_384 @S img_size=384
                vit_small_patch8_224 @S patch_size=8 num_classes=0
                vit_base_patch32_224 @B patch_size=32
                vit_base_patch32_384 @B patch_size=32 img_size=384
                vit_base_patch16_224 @B
                vit_base_patch16_384 @B img_size=384
                vit_base_patch8_224 @B patch_size=8
                vit_large_patch32_224 @L patch_size=32 num_classes=0
                vit_large_patch32_384 @L patch_size=32 img_size=384
                vit_large_patch16_224 @L
                vit_large_patch16_384 @L img_size=384
                vit_large_patch14_224 @L patch_size=14
                vit_huge_patch14_224 @H patch_size=14 num_classes=0
                vit_giant_patch14_224 @g patch_size=14 mlp_ratio=4.363636363636363
                vit_gigantic_patch14_224 @G patch_size=14 mlp_ratio=4.923076923076923
                vit_base_patch16_224_miil @B num_classes=11221 qkv_bias=false
                vit_medium_patch16_gap_240 @M img_size=240 num_classes=11821 @gap qkv_bias=false init_values=1e-6
                vit_medium_patch16_gap_256 @M img_size=256 @gap qkv_bias=false init_values=1e-6
                vit_medium_patch16_gap_384 @M img_size=384 @gap qkv_bias=false init_values=1e-6
                vit_betwixt_patch16_gap_256 @betwixt img_size=256 @gap qkv_bias=false init_values=1e-6
                vit_base_patch16_gap_224 embed_dim=768 depth=12 num_heads=16 @gap
                vit_huge_patch14_gap_224 @H patch_size=14 num_classes=0 @gap
                vit_huge_patch16_gap_448 @H img_size=448 num_classes=0 @gap
                vit_giant_patch16_gap_224 @g num_classes=0 @gap mlp_ratio=4.363636363636363
                vit_xsmall_patch16_clip_224 embed_dim=256 depth=10 num_heads=4 num_classes=512 @clip
                vit_medium_patch32_clip_224 @M patch_size=32 num_classes=512 @clip
                vit_medium_patch16_clip_224 @M num_classes=512 @clip
                vit_betwixt_patch32_clip_224 @betwixt patch_size=32 num_classes=512 @clip
                vit_base_patch32_clip_224 @B patch_size=32 @clip
                vit_base_patch32_clip_256 @B patch_size=32 img_size=256 num_classes=512 @clip
                vit_base_patch32_clip_384 @B patch_size=32 img_size=384 @clip
                vit_base_patch32_clip_448 @B patch_size=32 img_size=448 @clip
                vit_base_patch16_clip_224 @B @clip
                vit_base_patch16_clip_384 @B img_size=384 @clip
                vit_base_patch16_plus_clip_240 @Bplus img_size=240 num_classes=640 @clip
                vit_large_patch14_clip_224 @L patch_size=14 @clip
                vit_large_patch14_clip_336 @L patch_size=14 img_size=336 @clip
                vit_huge_patch14_clip_224 @H patch_size=14 @clip
                vit_huge_patch14_clip_336 @H patch_size=14 img_size=336 @clip
                vit_huge_patch14_clip_378 @H patch_size=14 img_size=378 num_classes=1024 @clip
                vit_giant_patch14_clip_224 @g patch_size=14 num_classes=1024 @clip mlp_ratio=4.363636363636363
                vit_gigantic_patch14_clip_224 @G patch_size=14 num_classes=1280 @clip mlp_ratio=4.923076923076923
                vit_gigantic_patch14_clip_378 @G patch_size=14 img_size=378 num_classes=1280 @clip mlp_ratio=4.923076923076923
                vit_base_patch32_clip_quickgelu_224 @B patch_size=32 num_classes=512 @clip act_layer=quick_gelu
                vit_base_patch16_clip_quickgelu_224 @B num_classes=512 @clip act_layer=quick_gelu
                vit_large_patch14_clip_quickgelu_224 @L patch_size=14 num_classes=768 @clip act_layer=quick_gelu
                vit_large_patch14_clip_quickgelu_336 @L patch_size=14 img_size=336 num_classes=768 @clip act_layer=quick_gelu
                vit_huge_patch14_clip_quickgelu_224 @H patch_size=14 num_classes=1024 @clip act_layer=quick_gelu
                vit_huge_patch14_clip_quickgelu_378 @H patch_size=14 img_size=378 num_classes=1024 @clip act_layer=quick_gelu
                vit_gigantic_patch14_clip_quickgelu_224 @G patch_size=14 num_classes=1280 @clip mlp_ratio=4.923076923076923 act_layer=quick_gelu
                vit_base_patch32_plus_256 @Bplus patch_size=32 img_size=256 init_values=1e-5
                vit_base_patch16_plus_240 @Bplus img_size=240 init_values=1e-5
                vit_small_patch16_36x1_224 embed_dim=384 depth=36 num_heads=6 init_values=1e-5
                eva_large_patch14_196 @L patch_size=14 img_size=196 global_pool=avg
                eva_large_patch14_336 @L patch_size=14 img_size=336 global_pool=avg
                flexivit_small @S img_size=240 no_embed_class=true
                flexivit_base @B img_size=240 no_embed_class=true
                flexivit_large @L img_size=240 no_embed_class=true
                vit_small_patch14_dinov2 @S patch_size=14 img_size=518 num_classes=0 init_values=1e-5
                vit_base_patch14_dinov2 @B patch_size=14 img_size=518 num_classes=0 init_values=1e-5
                vit_large_patch14_dinov2 @L patch_size=14 img_size=518 num_classes=0 init_values=1e-5
                vit_giant_patch14_dinov2 @g2 patch_size=14 img_size=518 num_classes=0 @swiglu init_values=1e-5
                vit_small_patch14_reg4_dinov2 @S patch_size=14 img_size=518 num_classes=0 init_values=1e-5 reg_tokens=4 no_embed_class=true
                vit_base_patch14_reg4_dinov2 @B patch_size=14 img_size=518 num_classes=0 init_values=1e-5 reg_tokens=4 no_embed_class=true
                vit_large_patch14_reg4_dinov2 @L patch_size=14 img_size=518 num_classes=0 init_values=1e-5 reg_tokens=4 no_embed_class=true
                vit_giant_patch14_reg4_dinov2 @g2 patch_size=14 img_size=518 num_classes=0 @swiglu init_values=1e-5 reg_tokens=4 no_embed_class=true
                vit_base_patch14_reg1_tipsv2 @B patch_size=14 img_size=448 num_classes=0 init_values=1 reg_tokens=1 no_embed_class=true
                vit_large_patch14_reg1_tipsv2 @L patch_size=14 img_size=448 num_classes=0 init_values=1 reg_tokens=1 no_embed_class=true
                vit_so400m_patch14_reg1_tipsv2 @so400m patch_size=14 img_size=448 num_classes=0 init_values=1 mlp_ratio=3.736111111111111 reg_tokens=1 no_embed_class=true
                vit_giant_patch14_reg1_tipsv2 @g2 patch_size=14 img_size=448 num_classes=0 @swiglu init_values=1 reg_tokens=1 no_embed_class=true
                vit_base_patch32_siglip_256 @B patch_size=32 img_size=256 num_classes=0 @map act_layer=gelu_tanh
                vit_base_patch16_siglip_224 @B num_classes=0 @map
                vit_base_patch16_siglip_256 @B img_size=256 num_classes=0 @map
                vit_base_patch16_siglip_384 @B img_size=384 num_classes=0 @map
                vit_base_patch16_siglip_512 @B img_size=512 num_classes=0 @map
                vit_large_patch16_siglip_256 @L img_size=256 num_classes=0 @map
                vit_large_patch16_siglip_384 @L img_size=384 num_classes=0 @map
                vit_large_patch16_siglip_512 @L img_size=512 num_classes=0 @map act_layer=gelu_tanh
                vit_so400m_patch14_siglip_224 @so400m patch_size=14 num_classes=0 @map mlp_ratio=3.7362
                vit_so400m_patch14_siglip_378 @so400m patch_size=14 img_size=378 num_classes=0 @map mlp_ratio=3.7362
                vit_so400m_patch16_siglip_256 @so400m img_size=256 num_classes=0 @map mlp_ratio=3.7362 act_layer=gelu_tanh
                vit_so400m_patch16_siglip_384 @so400m img_size=384 num_classes=0 @map mlp_ratio=3.7362 act_layer=gelu_tanh
                vit_so400m_patch16_siglip_512 @so400m img_size=512 num_classes=0 @map mlp_ratio=3.7362 act_layer=gelu_tanh
                vit_giantopt_patch16_siglip_256 @gopt img_size=256 num_classes=0 @map act_layer=gelu_tanh
                vit_giantopt_patch16_siglip_384 @gopt img_size=384 num_classes=0 @map act_layer=gelu_tanh
                vit_base_patch32_siglip_gap_256 @B patch_size=32 img_size=256 num_classes=0 @gap act_layer=gelu_tanh
                vit_base_patch16_siglip_gap_224 @B num_classes=0 @gap
                vit_base_patch16_siglip_gap_256 @B img_size=256 num_classes=0 @gap
                vit_base_patch16_siglip_gap_384 @B img_size=384 num_classes=0 @gap
                vit_base_patch16_siglip_gap_512 @B img_size=512 num_classes=0 @gap
                vit_large_patch16_siglip_gap_256 @L img_size=256 num_classes=0 @gap
                vit_large_patch16_siglip_gap_384 @L img_size=384 num_classes=0 @gap
                vit_large_patch16_siglip_gap_512 @L img_size=512 num_classes=0 @gap act_layer=gelu_tanh
                vit_so400m_patch14_siglip_gap_224 @so400m patch_size=14 num_classes=0 @gap mlp_ratio=3.7362
                vit_so400m_patch14_siglip_gap_378 @so400m patch_size=14 img_size=378 num_classes=0 @gap mlp_ratio=3.7362
                vit_so400m_patch14_siglip_gap_448 @so400m patch_size=14 img_size=448 num_classes=0 @gap mlp_ratio=3.7362
                vit_so400m_patch14_siglip_gap_896 @so400m patch_size=14 img_size=896 num_classes=0 @gap mlp_ratio=3.7362
                vit_so400m_patch16_siglip_gap_256 @so400m img_size=256 num_classes=0 @gap mlp_ratio=3.7362 act_layer=gelu_tanh
                vit_so400m_patch16_siglip_gap_384 @so400m img_size=384 num_classes=0 @gap mlp_ratio=3.7362 act_layer=gelu_tanh
                vit_so400m_patch16_siglip_gap_512 @so400m img_size=512 num_classes=0 @gap mlp_ratio=3.7362 act_layer=gelu_tanh
                vit_giantopt_patch16_siglip_gap_256 @gopt img_size=256 num_classes=0 @gap act_layer=gelu_tanh
                vit_giantopt_patch16_siglip_gap_384 @gopt img_size=384 num_classes=0 @gap act_layer=gelu_tanh
                vit_wee_patch16_reg1_gap_256 @wee img_size=256 @avg init_values=1e-5 mlp_ratio=5 no_embed_class=true reg_tokens=1
                vit_little_patch16_reg1_gap_256 @little img_size=256 @avg init_values=1e-5 mlp_ratio=5.6 no_embed_class=true reg_tokens=1
                vit_little_patch16_reg4_gap_256 @little img_size=256 @avg init_values=1e-5 mlp_ratio=5.6 no_embed_class=true reg_tokens=4
                vit_medium_patch16_reg1_gap_256 @M img_size=256 @avg init_values=1e-5 no_embed_class=true reg_tokens=1
                vit_medium_patch16_reg4_gap_256 @M img_size=256 @avg init_values=1e-5 no_embed_class=true reg_tokens=4
                vit_mediumd_patch16_reg4_gap_256 @Md img_size=256 @avg init_values=1e-5 no_embed_class=true reg_tokens=4
                vit_mediumd_patch16_reg4_gap_384 @Md img_size=384 @avg init_values=1e-5 no_embed_class=true reg_tokens=4
                vit_betwixt_patch16_reg1_gap_256 @betwixt img_size=256 @avg init_values=1e-5 no_embed_class=true reg_tokens=1
                vit_betwixt_patch16_reg4_gap_256 @betwixt img_size=256 @avg init_values=1e-5 no_embed_class=true reg_tokens=4
                vit_betwixt_patch16_reg4_gap_384 @betwixt img_size=384 @avg init_values=1e-5 no_embed_class=true reg_tokens=4
                vit_base_patch16_reg4_gap_256 @B img_size=256 @avg no_embed_class=true reg_tokens=4
                vit_so150m_patch16_reg4_map_256 @so150m img_size=256 @map mlp_ratio=2.572 reg_tokens=4
                vit_so150m_patch16_reg4_gap_256 @so150m img_size=256 @gap mlp_ratio=2.572 reg_tokens=4
                vit_so150m_patch16_reg4_gap_384 @so150m img_size=384 @gap mlp_ratio=2.572 reg_tokens=4
                vit_so150m2_patch16_reg1_gap_256 @so150m2 img_size=256 @avg mlp_ratio=2.6153846153846154 init_values=1e-5 qkv_bias=false reg_tokens=1
                vit_so150m2_patch16_reg1_gap_384 @so150m2 img_size=384 @avg mlp_ratio=2.6153846153846154 init_values=1e-5 qkv_bias=false reg_tokens=1
                vit_so150m2_patch16_reg1_gap_448 @so150m2 img_size=448 @avg mlp_ratio=2.6153846153846154 init_values=1e-5 qkv_bias=false reg_tokens=1
                vit_intern300m_patch14_448 @L patch_size=14 img_size=448 num_classes=0 init_values=0.1 final_norm=false
                test_vit embed_dim=64 depth=6 num_heads=2 img_size=160 mlp_ratio=3
                test_vit2 embed_dim=64 depth=8 num_heads=2 img_size=160 @avg mlp_ratio=3 reg_tokens=1 init_values=1e-5
                test_vit3 embed_dim=96 depth=9 num_heads=3 img_size=160 @map mlp_ratio=2 reg_tokens=1 pool_include_prefix=true init_values=1e-5
                beit3_base_patch16_224 @B mlp_ratio=4 scale_attn_norm=true scale_mlp_norm=true global_pool=avg +norm_eps=1e-5
                beit3_large_patch16_224 @L mlp_ratio=4 scale_attn_norm=true scale_mlp_norm=true global_pool=avg +norm_eps=1e-5
                beit3_giant_patch14_224 @g patch_size=14 mlp_ratio=4.3637 scale_attn_norm=true scale_mlp_norm=true global_pool=avg +norm_eps=1e-5
                beit3_giant_patch14_336 @g patch_size=14 img_size=336 mlp_ratio=4.3637 scale_attn_norm=true scale_mlp_norm=true global_pool=avg +norm_eps=1e-5
                vit_base_patch16_radio_v3 @B img_size=512 num_classes=0 init_values=1e-5 reg_tokens=7 no_embed_class=true final_norm=false
                vit_large_patch16_radio_v3 @L img_size=512 num_classes=0 init_values=1e-5 reg_tokens=7 no_embed_class=true final_norm=false
                vit_huge_patch16_radio_v3 @H img_size=512 num_classes=0 reg_tokens=7 no_embed_class=true final_norm=false
                vit_giant_patch16_radio_v3 @g2 img_size=512 num_classes=0 reg_tokens=7 no_embed_class=true final_norm=false
                vit_so400m_patch16_radio_v4 @so400m img_size=512 num_classes=0 mlp_ratio=3.736111111111111 reg_tokens=9 no_embed_class=true final_norm=false
                vit_huge_patch16_radio_v4 @H img_size=512 num_classes=0 reg_tokens=9 no_embed_class=true final_norm=false
                deit_tiny_patch16_224 @Ti
                deit_small_patch16_224 @S
                deit_base_patch16_224 @B
                deit_base_patch16_384 @B img_size=384
                deit3_small_patch16_224 @S no_embed_class=true init_values=1e-6
                deit3_small_patch16_384 @S img_size=384 no_embed_class=true init_values=1e-6
                deit3_medium_patch16_224 @M no_embed_class=true init_values=1e-6
                deit3_base_patch16_224 @B no_embed_class=true init_values=1e-6
                deit3_base_patch16_384 @B img_size=384 no_embed_class=true init_values=1e-6
                deit3_large_patch16_224 @L no_embed_class=true init_values=1e-6
                deit3_large_patch16_384 @L img_size=384 no_embed_class=true init_values=1e-6
                deit3_huge_patch14_224 @H patch_size=14 no_embed_class=true init_values=1e-6
                """);
    }
}
